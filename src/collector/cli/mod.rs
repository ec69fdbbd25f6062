//! The commands. Each returns an exit code, or one sentence that says what went wrong and what to do.
//!
//! Exit codes: 0 done, 1 it could not be done, 2 the command line is wrong (clap's).

mod forward;
mod given;
mod onward;
mod serve;
mod summary;
mod transfer;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use super::http::access::Site;
use super::ingest::Keep;
use super::log;
use super::store::MONTHS;

/// The JSON Schema of wire format v1.
pub const SCHEMA: &str = include_str!("../../wire/v1.schema.json");

/// Collects Passerby's beacons and tells what the sessions add up to.
///
/// One file in one folder holds everything. Sessions are folded by the same code that runs in the page, so
/// both show the same numbers.
#[derive(Parser)]
#[command(name = "passerby-collector", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  passerby-collector serve                        take beacons at http://127.0.0.1:8787/v1/batch
  passerby-collector serve --www site             the same, and serve the folder `site`
  passerby-collector summary                      what came in, for users and for customers
  passerby-collector summary --session 3f2a91c0   one session in full
  passerby-collector export > events.ndjson       every event, one JSON object a line
  passerby-collector replay events.ndjson         take in what export wrote, or a log of batches
  passerby-collector forward --to posthog=https://eu.i.posthog.com,key=phc_1
                                                  pass on what arrives";

#[derive(Subcommand)]
enum Command {
    Serve(Serve),
    Summary(Summary),
    Export(Export),
    Replay(Replay),
    Forward(Forward),
    /// Print the JSON Schema of a batch (wire format 1)
    Schema,
}

#[derive(Args)]
struct Data {
    /// Folder that holds the data
    #[arg(long = "data", value_name = "DIR", env = "PASSERBY_DATA", default_value = "data")]
    folder: PathBuf,
}

/// URLs lose their query and fragment here again, so what the pages may send has to be told here too
#[derive(Args)]
struct Kept {
    /// Query parameters to keep in URLs, beside those of campaigns; as the page's `keepParams`
    #[arg(long, value_name = "NAME,...", default_value = "ref", value_parser = given::params)]
    keep_params: String,
    /// Keep routes in fragments, `#/cart`; as the page's `hash`
    #[arg(long)]
    keep_fragments: bool,
}

impl Kept {
    fn rule(&self) -> Keep {
        Keep { params: self.keep_params.clone(), fragments: self.keep_fragments }
    }
}

#[derive(Args)]
struct Returns {
    /// Referrers that never begin a visit, beside payment providers: bank.example,sso.example
    #[arg(long, value_name = "HOST,...", env = "PASSERBY_IGNORE_REFERRERS", default_value = "")]
    #[arg(value_parser = given::hosts)]
    ignore_referrers: String,
}

/// Take beacons, and show what they add up to
///
/// On 127.0.0.1 (the default) pages of this machine may send, and everyone on it may read. On any other
/// address only the sites named with --site may send, each from its exact origin, and reading needs --token.
#[derive(Args)]
#[command(after_help = "\
Examples:
  passerby-collector serve --port 9000 --data /var/lib/passerby
  passerby-collector serve --host 0.0.0.0 --site shop=https://shop.example --token \"$TOKEN\"

Then, in the page:
  <script async src=\".../passerby.js\" data-collector=\"http://127.0.0.1:8787/v1/batch\"></script>")]
struct Serve {
    /// Port to listen on; 0 takes any free one
    #[arg(long, env = "PORT", default_value_t = 8787)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    #[command(flatten)]
    data: Data,
    /// Serve this folder at `/` (the dashboard is then at /dashboard only)
    #[arg(long, value_name = "DIR")]
    www: Option<PathBuf>,
    /// Serve this folder of built files at `/dist/`
    #[arg(long, value_name = "DIR")]
    dist: Option<PathBuf>,
    /// A site that may send, and the origin of its pages; may be repeated
    #[arg(long = "site", value_name = "NAME=ORIGIN")]
    sites: Vec<Site>,
    /// Needed for reading from any other address than loopback
    #[arg(long, env = "PASSERBY_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    keep: Kept,
    #[command(flatten)]
    returns: Returns,
    /// Delete sessions after so many months of 30 days; looked at once a day
    #[arg(long, value_name = "N", default_value_t = MONTHS, value_parser = given::months())]
    keep_months: u32,
    /// Requests a second that one address may send; ten seconds' worth may come at once; 0 is no limit
    #[arg(long, value_name = "N", default_value_t = 100)]
    rate: u32,
    /// A reverse proxy stands before: addresses are the last in X-Forwarded-For
    #[arg(long)]
    behind_proxy: bool,
    /// Print no line for each batch
    #[arg(long)]
    quiet: bool,
}

/// Tell what came in: recent sessions, and totals for users and for customers
#[derive(Args)]
#[command(after_help = given::SUMMARY)]
struct Summary {
    #[command(flatten)]
    data: Data,
    /// One session in full, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Print JSON, for one session in the shape of the page's own summary()
    #[arg(long)]
    json: bool,
    /// Count only these loads, and of each only events up to this seq
    #[arg(long, value_name = "LOAD:SEQ", value_delimiter = ',')]
    through: Vec<String>,
    #[command(flatten)]
    returns: Returns,
    /// A segment by its rule, "loyal readers: sessions>=3&page_view>=3"; may be repeated
    #[arg(long = "segment", value_name = "NAME: RULE", value_parser = given::segments)]
    segments: Vec<String>,
    /// Sessions to list, and their visitors
    #[arg(long, value_name = "N", default_value = "20", allow_negative_numbers = true)]
    #[arg(value_parser = given::at_least_one())]
    limit: u32,
}

/// Write every event to standard output, one JSON object a line
///
/// The order depends on the events alone: two stores that hold the same events export the same lines. Where a session
/// came from is told as `summary` tells it.
#[derive(Args)]
struct Export {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    returns: Returns,
}

/// Take in a log, here, at another collector or in another system
///
/// A line is a batch as pages post it to /v1/batch, an event as they post it with data-format="ndjson", or one that
/// `export` wrote. Events that are known already count as duplicates, so a log may be replayed any number of times; in
/// another system that does not de-duplicate, each replay counts anew.
#[derive(Args)]
#[command(after_help = "\
Examples:
  passerby-collector replay beacons.ndjson
  passerby-collector export --data old | passerby-collector replay - --data new
  zcat beacons.ndjson.gz | passerby-collector replay - --data elsewhere
  passerby-collector replay beacons.ndjson --to https://collector.example/v1/batch
  passerby-collector replay beacons.ndjson --to posthog=https://eu.i.posthog.com,key=phc_1")]
struct Replay {
    /// The log; `-` reads standard input
    file: PathBuf,
    /// Send it to this collector, or as `forward` does to FORMAT=URL,key=..., instead of storing it here
    #[arg(long, value_name = "URL", conflicts_with = "folder")]
    to: Option<String>,
    /// Sent with each batch as `Authorization: Bearer`, for --to
    #[arg(long, env = "PASSERBY_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    keep: Kept,
    #[command(flatten)]
    returns: Returns,
    #[command(flatten)]
    data: Data,
}

/// A system that fails so often in a row is down.
const PATIENCE: u32 = 5;

/// Pass on what has arrived, and what arrives, to other systems in their own formats
///
/// Each destination goes at its own pace and remembers how far it is, so one that is down delays no other. A new one
/// begins with the oldest event. A system that counts repeated events twice is never sent one again after an answer
/// got lost.
#[derive(Args)]
#[command(after_help = "\
Examples:
  passerby-collector forward --to posthog=https://eu.i.posthog.com,key=phc_1
  passerby-collector forward --to 'otlp=http://127.0.0.1:4318,header=Authorization: Bearer x' \\
      --to ga4=https://www.google-analytics.com,key=G-1,secret=s
  passerby-collector forward --config destinations.txt --once

A destination is FORMAT=URL, then key=, secret=, name= and header= as needed, with commas between.
A comma that belongs to one of them is written \\, and a backslash before a comma \\\\. --config is a
file with one destination on each line. Formats: segment, rudderstack, posthog, snowplow, matomo,
plausible, umami, umami-single, amplitude, mixpanel, ga4, cloudevents, otlp, clickhouse.")]
struct Forward {
    /// A destination; may be repeated
    #[arg(long, value_name = "FORMAT=URL,...")]
    to: Vec<String>,
    /// A file with one destination a line
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// End once every destination is up to date; with exit code 1 if one is not, or has refused everything
    #[arg(long)]
    once: bool,
    /// With --once: give a destination up that has failed so often in a row
    #[arg(long, value_name = "N", default_value_t = PATIENCE, requires = "once", value_parser = given::at_least_one())]
    tries: u32,
    /// A destination that is new begins with what arrives from now on
    #[arg(long)]
    from_now: bool,
    #[command(flatten)]
    returns: Returns,
    #[command(flatten)]
    data: Data,
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let done = match Cli::parse_from(arguments()).command {
        Command::Serve(options) => serve::run(&options),
        Command::Summary(options) => summary::run(&options),
        Command::Export(options) => transfer::export(&options),
        Command::Replay(options) => transfer::replay(&options),
        Command::Forward(options) => forward::run(&options),
        Command::Schema => print(SCHEMA),
    };
    done.unwrap_or_else(|sentence| {
        log::complain(&sentence);
        ExitCode::FAILURE
    })
}

/// `help --help`, which clap takes for help on a command of that name, is `--help`.
fn arguments() -> Vec<OsString> {
    let mut given: Vec<OsString> = std::env::args_os().collect();
    let is =
        |at: usize, words: &[&str]| given.get(at).is_some_and(|given| words.iter().any(|word| given == word));
    if is(1, &["help"]) && is(2, &["--help", "-h"]) {
        given.remove(1);
    }
    given
}

/// Writes the text to standard output; a reader that has left (`| head`) is no error.
fn print(text: &str) -> Result<ExitCode, String> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("Cannot write the output: {error}."))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
