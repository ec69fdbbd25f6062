//! `forward`: one thread a destination, until told to stop, or until all are up to date.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use super::Forward;
use crate::collector::forward::{Courier, Cursors, Destination, Step};
use crate::collector::log;
use crate::collector::store::Store;
use crate::collector::text;

/// How often the store is asked for news.
const LOOK: Duration = Duration::from_secs(1);

pub fn run(options: &Forward) -> Result<ExitCode, String> {
    let mut lines = options.to.clone();
    if let Some(path) = &options.config {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("Cannot read {}: {error}.", path.display()))?;
        let written = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.extend(written.map(str::to_owned));
    }
    let destinations = lines.iter().map(|line| Destination::parse(line)).collect::<Result<Vec<_>, _>>()?;
    if destinations.is_empty() {
        return Err("Nowhere to forward to: name a destination with --to or in --config.".to_owned());
    }
    let mut names: Vec<&str> = destinations.iter().map(|destination| destination.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("Two destinations are called `{}`: give one another name=.", twice[0]));
    }
    let folder = &options.data.folder;
    let store = Store::open(folder).map_err(|fault| fault.to_string())?;
    let newest = match options.from_now {
        true => store.newest_arrival().map_err(|fault| fault.to_string())?,
        false => 0,
    };
    let cursors = Cursors::open(folder).map_err(|fault| fault.to_string())?;
    let mut threads = Vec::new();
    for destination in destinations {
        let courier =
            Courier::new(destination, cursors.clone(), newest).map_err(|fault| fault.to_string())?;
        let store = Store::open(folder).map_err(|fault| fault.to_string())?;
        let once = options.once;
        threads.push(thread::spawn(move || deliver(courier, &store, once)));
    }
    let mut done = ExitCode::SUCCESS;
    for thread in threads {
        match thread.join() {
            Ok(Ok(())) => {}
            Ok(Err(sentence)) => {
                log::complain(&sentence);
                done = ExitCode::FAILURE;
            }
            Err(_) => {
                return Err("A destination's thread failed; what was forwarded is remembered.".to_owned());
            }
        }
    }
    Ok(done)
}

fn deliver(mut courier: Courier, store: &Store, once: bool) -> Result<(), String> {
    let name = courier.destination.name.clone();
    let fault = |fault: crate::collector::store::Fault| format!("{name}: {fault}");
    let mut told = courier.cursor.clone();
    loop {
        let Some(arrived) = store.arrived(courier.cursor.arrival).map_err(fault)? else {
            if courier.cursor != told || once {
                tell(&courier);
                told = courier.cursor.clone();
            }
            if once {
                return Ok(());
            }
            thread::sleep(LOOK);
            continue;
        };
        loop {
            match courier.step(&arrived).map_err(fault)? {
                Step::On => {}
                Step::Done => break,
                Step::Wait(time, why) => {
                    log::complain(&format!("{name}: {why}; again in {} s", time.as_secs()));
                    thread::sleep(time);
                }
            }
        }
    }
}

fn tell(courier: &Courier) {
    let cursor = &courier.cursor;
    let mut line =
        format!("{}: {} forwarded", courier.destination.name, text::count(cursor.forwarded, "event"));
    for (count, what) in [(cursor.refused, "refused"), (cursor.unconfirmed, "unconfirmed")] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    log::print(&line);
}
