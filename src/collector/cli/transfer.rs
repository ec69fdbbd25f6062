//! `export` and `replay`: events out, logs of batches in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::onward::Onward;
use super::{Export, Replay};
use crate::collector::forward::Destination;
use crate::collector::ingest::{self, Batch, Receipt};
use crate::collector::log;
use crate::collector::store::{Arrival, Store};
use crate::collector::text::{self, short};
use crate::wire::limits;

/// Batches in one commit of a replay.
const TOGETHER: usize = 256;
/// Bad lines told one by one; the rest is counted.
const TOLD: u64 = 20;

pub fn export(options: &Export) -> Result<ExitCode, String> {
    let store = Store::open(&options.data.folder).map_err(|fault| fault.to_string())?;
    let store = store.ignoring(&options.returns.ignore_referrers);
    let mut out = BufWriter::new(io::stdout().lock());
    match store.export(&mut out).map_err(|fault| fault.to_string())? {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("Cannot write the events: {error}."))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

pub fn replay(options: &Replay) -> Result<ExitCode, String> {
    let (input, size) = open(&options.file)?;
    let mut target = match &options.to {
        Some(to) if Destination::is_one(to) => {
            Target::System(Box::new(Onward::new(to, &options.returns.ignore_referrers)?))
        }
        Some(url) => Target::Collector(Remote::new(url, options.token.as_deref())?),
        None => {
            Target::Store(Box::new(Store::create(&options.data.folder).map_err(|fault| fault.to_string())?))
        }
    };
    let keep = options.keep.rule();
    let progress = progress(size);
    let mut tally = Tally::default();
    let mut lines = BufReader::new(progress.wrap_read(input));
    let mut waiting: Vec<(u64, Batch)> = Vec::new();
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        // One byte more than any batch may have: a line without end must not fill the memory.
        let most = limits::INFLATED_BYTES as u64 + 2;
        let read = lines.by_ref().take(most).read_until(b'\n', &mut line);
        let read = read.map_err(|error| format!("Cannot read {}: {error}.", options.file.display()))?;
        if read == 0 {
            break;
        }
        number += 1;
        if read as u64 == most && line.last() != Some(&b'\n') {
            lines
                .skip_until(b'\n')
                .map_err(|error| format!("Cannot read {}: {error}.", options.file.display()))?;
            tally.bad(&progress, number, "the line is longer than any batch");
            continue;
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let read = ingest::line(text).and_then(|text| Ok((ingest::read_line(&text, &keep)?, text)));
        match read {
            Ok((mut batch, text)) => match &target {
                Target::Store(_) | Target::System(_) => {
                    batch.date(text::now(), false);
                    waiting.push((number, batch));
                }
                Target::Collector(remote) => match remote.send(text.as_bytes(), &batch.id)? {
                    Ok(receipt) => tally.add(&progress, number, &receipt),
                    Err(reason) => tally.bad(&progress, number, &reason),
                },
            },
            Err(refusal) => tally.bad(&progress, number, &refusal.error),
        }
        if waiting.len() == TOGETHER {
            target.store(&mut waiting, &progress, &mut tally)?;
        }
    }
    target.store(&mut waiting, &progress, &mut tally)?;
    progress.finish_and_clear();
    log::print(&tally.in_words());
    if let Target::System(onward) = &target {
        log::print(&onward.so_far());
        onward.taken()?;
    }
    Ok(if tally.bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn open(file: &Path) -> Result<(Box<dyn Read>, u64), String> {
    if file == Path::new("-") {
        return Ok((Box::new(io::stdin()), 0));
    }
    let cannot =
        |error: io::Error| format!("Cannot read {}: {error}. Check the file's name.", file.display());
    let opened = File::open(file).map_err(cannot)?;
    let about = opened.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(format!("{} is a folder: name a file with one batch a line.", file.display()));
    }
    Ok((Box::new(opened), about.len()))
}

/// Shown on a terminal only.
fn progress(size: u64) -> ProgressBar {
    if size == 0 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:32} {bytes}/{total_bytes}, {eta} left");
    ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[derive(Default)]
struct Tally {
    batches: u64,
    accepted: u64,
    duplicate: u64,
    rejected: u64,
    bad: u64,
}

impl Tally {
    fn add(&mut self, progress: &ProgressBar, line: u64, receipt: &Receipt) {
        self.batches += 1;
        self.accepted += receipt.accepted;
        self.duplicate += receipt.duplicate;
        for event in &receipt.rejected {
            self.rejected += 1;
            if self.rejected <= TOLD {
                progress.suspend(|| {
                    log::complain(&format!("line {line}: event {} rejected: {}", event.seq, event.reason));
                });
            }
        }
    }

    fn bad(&mut self, progress: &ProgressBar, line: u64, reason: &str) {
        self.bad += 1;
        if self.bad <= TOLD {
            progress.suspend(|| log::complain(&format!("line {line}: {}", short(reason, 200))));
        }
    }

    fn in_words(&self) -> String {
        format!(
            "{}: {} accepted, {} known before, {} rejected; {}.",
            text::count(self.batches, "batch").replace("batchs", "batches"),
            text::count(self.accepted, "event"),
            self.duplicate,
            self.rejected,
            text::count(self.bad, "bad line"),
        )
    }
}

enum Target {
    Store(Box<Store>),
    Collector(Remote),
    System(Box<Onward>),
}

impl Target {
    fn store(
        &mut self,
        waiting: &mut Vec<(u64, Batch)>,
        progress: &ProgressBar,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let batches: Vec<&Batch> = waiting.iter().map(|(_, batch)| batch).collect();
        let receipts = match self {
            Target::Store(store) => {
                // A replayed batch travelled for a time nobody knows: it corrects no clock.
                let arrivals: Vec<Arrival> =
                    batches.iter().map(|batch| Arrival { batch, received: None }).collect();
                store.ingest(&arrivals).map_err(|fault| fault.to_string())?
            }
            Target::System(onward) => {
                onward.send(&batches, |trouble| progress.suspend(|| log::complain(trouble)))?
            }
            Target::Collector(_) => return Ok(()),
        };
        for ((line, _), receipt) in waiting.drain(..).zip(&receipts) {
            tally.add(progress, line, receipt);
        }
        Ok(())
    }
}

/// Another collector.
struct Remote {
    agent: ureq::Agent,
    url: String,
    bearer: Option<String>,
}

impl Remote {
    fn new(url: &str, token: Option<&str>) -> Result<Remote, String> {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(format!("`{url}` is no address of a collector: it begins with http:// or https://."));
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            // What is moved would be asked for again without its body.
            .max_redirects(0)
            .build();
        Ok(Remote {
            agent: config.into(),
            url: url.to_owned(),
            bearer: token.map(|token| format!("Bearer {token}")),
        })
    }

    /// The outer result is the connection's, which ends the replay; the inner that of this one batch.
    fn send(&self, body: &[u8], batch: &str) -> Result<Result<Receipt, String>, String> {
        let mut request = self.agent.post(&self.url).content_type("text/plain;charset=UTF-8");
        if let Some(bearer) = &self.bearer {
            request = request.header("authorization", bearer);
        }
        let packed;
        let body = if body.len() > limits::BATCH_BYTES {
            packed = gzip(body);
            &packed
        } else {
            body
        };
        let answer = request.send(body).map_err(|error| format!("Cannot reach {}: {error}.", self.url))?;
        let status = answer.status().as_u16();
        let text = answer.into_body().read_to_string().unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if status == 200 && value["batch"] == batch {
            let number = |name: &str| value[name].as_u64().unwrap_or_default();
            let rejected = value["rejected"].as_array().into_iter().flatten();
            let rejected = rejected.map(|event| ingest::Rejected {
                seq: event["seq"].as_u64().unwrap_or_default(),
                reason: "by the other collector",
            });
            return Ok(Ok(Receipt {
                batch: batch.to_owned(),
                accepted: number("accepted"),
                duplicate: number("duplicate"),
                rejected: rejected.collect(),
            }));
        }
        match value["error"].as_str() {
            Some(error) => Ok(Err(format!("{status}: {error}"))),
            None if status == 200 => Err(format!("{} answers, but is no Passerby collector.", self.url)),
            None => Ok(Err(format!("{} answered {status}.", self.url))),
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = flate2::read::GzEncoder::new(body, flate2::Compression::default());
    let mut bytes = Vec::new();
    // Reading from memory cannot fail.
    let _ = packed.read_to_end(&mut bytes);
    bytes
}
