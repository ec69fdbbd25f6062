//! `forward`: one thread a destination, until told to stop, or until all are up to date or given up.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use super::Forward;
use crate::collector::forward::{Courier, Cursor, Cursors, Destination, Step};
use crate::collector::log;
use crate::collector::store::{Arrived, Fault, Store};
use crate::collector::text;

/// How often the store is asked for news.
const LOOK: Duration = Duration::from_secs(1);

pub fn run(options: &Forward) -> Result<ExitCode, String> {
    let mut destinations =
        options.to.iter().map(|line| Destination::parse(line)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = &options.config {
        destinations.extend(written(path)?);
    }
    if destinations.is_empty() {
        return Err("Nowhere to forward to: name a destination with --to or in --config.".to_owned());
    }
    let mut names: Vec<_> = destinations.iter().map(|one| (one.name.as_str(), one.shown.as_str())).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("Two destinations are called `{}`: give one another name=.", twice[0].1));
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
        let store = store.ignoring(&options.returns.ignore_referrers);
        let tries = options.once.then_some(options.tries);
        threads.push(thread::spawn(move || deliver(courier, &store, tries)));
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

/// A destination a line.
fn written(path: &Path) -> Result<Vec<Destination>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("Cannot read {}: {error}.", path.display()))?;
    // Some editors begin a file with a mark of its encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(at, line)| {
        Destination::parse(line).map_err(|error| format!("{}, line {}: {error}", path.display(), at + 1))
    };
    lines.map(read).collect()
}

/// `tries`: ends once it is up to date, or has failed so often in a row.
fn deliver(mut courier: Courier, store: &Store, tries: Option<u32>) -> Result<(), String> {
    let name = courier.destination.shown.clone();
    let fault = |fault: Fault| format!("{name}: {fault}");
    let began = courier.cursor.clone();
    let mut told = began.clone();
    let mut failures = 0;
    loop {
        let ahead = ahead(&courier, store).map_err(fault)?;
        if ahead.is_empty() {
            if courier.cursor != told || tries.is_some() {
                tell(&courier);
                told = courier.cursor.clone();
            }
            if tries.is_some() {
                return taken(&began, &courier);
            }
            thread::sleep(LOOK);
            continue;
        }
        let mut together = ahead.len() > 1;
        while let Some(arrived) = ahead.iter().find(|one| one.id > courier.cursor.arrival) {
            let step = match std::mem::take(&mut together) {
                true => courier.together(&ahead),
                false => courier.step(arrived),
            };
            let Step::Wait(time, why) = step.map_err(fault)? else {
                failures = 0;
                continue;
            };
            failures += 1;
            if tries.is_some_and(|tries| failures >= tries) {
                tell(&courier);
                let times = text::count(u64::from(failures), "time");
                return Err(format!(
                    "{name}: given up after {times} in a row: {why}. The next run goes on from here."
                ));
            }
            log::complain(&format!("{name}: {why}; again in {} s", time.as_secs()));
            thread::sleep(time);
        }
    }
}

/// What it may send at once.
fn ahead(courier: &Courier, store: &Store) -> Result<Vec<Arrived>, Fault> {
    let mut all: Vec<Arrived> = Vec::new();
    while all.len() < courier.ahead() {
        let after = all.last().map_or(courier.cursor.arrival, |last| last.id);
        let Some(next) = store.arrived(after)? else { break };
        all.push(next);
    }
    Ok(all)
}

/// Who has refused all there was has the wrong key or address, more often than not.
pub fn taken(began: &Cursor, courier: &Courier) -> Result<(), String> {
    let cursor = &courier.cursor;
    let refused = cursor.refused - began.refused;
    match refused > 0 && cursor.forwarded == began.forwarded && cursor.unconfirmed == began.unconfirmed {
        false => Ok(()),
        true => Err(format!(
            "{}: refused all it was sent, {}, which it will not be sent again: are key and address right?",
            courier.destination.shown,
            text::count(refused, "event")
        )),
    }
}

fn tell(courier: &Courier) {
    let cursor = &courier.cursor;
    let mut line =
        format!("{}: {} forwarded", courier.destination.shown, text::count(cursor.forwarded, "event"));
    for (count, what) in [(cursor.refused, "refused"), (cursor.unconfirmed, "unconfirmed")] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    log::print(&line);
}
