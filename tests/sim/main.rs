//! The simulation: whole worlds drawn from a seed. Real engines, the real collector's ingest and fold, and in
//! between every fault a browser, a network and a device are known for. `npm run sim -- --seeds 100000`.
//!
//! After each world: every accepted event is stored once, or dropped and counted, or lost inside the stated
//! window; sessions, page depth, bounce, engaged time and audience equal those of an oracle that knows nothing
//! of the engine; nothing was sent without consent.

mod beside;
mod coverage;
mod device;
mod draw;
mod fate;
mod heal;
mod host;
mod ledger;
mod life;
mod local;
mod network;
mod oracle;
mod person;
mod server;
mod sessions;
mod storage;
mod verdict;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Parser;
use coverage::Coverage;
use device::TABS;
use indicatif::{ProgressBar, ProgressStyle};
use world::World;

/// As many seeds as it takes until every fault has met every outcome.
const ENOUGH: u64 = 2_000;

/// Plays worlds drawn from seeds, and holds them against the laws.
#[derive(Debug, Parser)]
#[command(name = "npm run sim --")]
struct Options {
    /// How many worlds.
    #[arg(long, default_value_t = ENOUGH)]
    seeds: u64,
    /// The first seed; with `--seeds 1` a failed world is played again.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// How many worlds at a time; as many as there are processors.
    #[arg(long)]
    threads: Option<usize>,
    #[arg(long, default_value_t = 3)]
    visitors: usize,
    /// What each visitor does, for each tab.
    #[arg(long, default_value_t = 100)]
    inputs: u32,
    /// Each fault put in on purpose has to be found within so many worlds.
    #[cfg(feature = "mutants")]
    #[arg(long)]
    mutants: bool,
    /// Print every input and output.
    #[arg(long)]
    show: bool,
    /// Do not stop at the first world that fails.
    #[arg(long)]
    all: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    #[cfg(feature = "mutants")]
    if options.mutants {
        return mutants(&options);
    }
    let (sum, failures) = play_all(&options);
    report(&options, &sum, &failures)
}

/// A line for each fault put in on purpose: the seed whose world showed it.
#[cfg(feature = "mutants")]
fn mutants(options: &Options) -> ExitCode {
    use passerby::mutants::{NAMES, choose};
    let mut missed = 0;
    for (number, name) in NAMES.iter().enumerate() {
        choose(number);
        let (_, failures) = play_all(options);
        match failures.iter().min() {
            Some((seed, problems)) => {
                let problem = problems.first().and_then(|problem| problem.lines().next()).unwrap_or_default();
                println!("ok   {name}: seed {seed}: {problem:.80}");
            }
            None => {
                missed += 1;
                println!("FAIL {name}: {} worlds did not show it", options.seeds);
            }
        }
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Seeds, and what was wrong with their worlds.
type Failures = Vec<(u64, Vec<String>)>;

/// Until one fails, if not told otherwise.
fn play_all(options: &Options) -> (Coverage, Failures) {
    let bar = ProgressBar::new(options.seeds);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} worlds, {per_sec}, {eta} left");
    bar.set_style(style.expect("a template"));
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sum, failures) = (Mutex::new(Coverage::default()), Mutex::new(Vec::new()));
    let threads =
        options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= options.seeds {
                        break;
                    }
                    match play(options.from + at, options) {
                        Ok(coverage) => sum.lock().expect("no panic").add(&coverage),
                        Err(problems) => {
                            failed.store(!options.all, Ordering::Relaxed);
                            if options.all {
                                // A long run: nobody waits for its end.
                                bar.suspend(|| show_failure(options.from + at, &problems));
                            }
                            failures.lock().expect("no panic").push((options.from + at, problems));
                        }
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    (sum.into_inner().expect("no panic"), failures.into_inner().expect("no panic"))
}

/// One world from beginning to end.
fn play(seed: u64, options: &Options) -> Result<Coverage, Vec<String>> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(seed, options.visitors, options.inputs * TABS as u32);
        world.show = options.show;
        world.run();
        if world.problems.is_empty() {
            world.heal();
        }
        if world.problems.is_empty() {
            world.judge();
        }
        (world.problems, world.coverage)
    }));
    match played {
        Ok((problems, coverage)) if problems.is_empty() => Ok(coverage),
        Ok((problems, _)) => Err(problems),
        Err(_) => Err(vec!["panicked, see above".into()]),
    }
}

fn show_failure(seed: u64, problems: &[String]) {
    println!("FAIL seed {seed} (npm run sim -- --seeds 1 --from {seed})");
    problems.iter().for_each(|problem| println!("  {problem}"));
}

fn report(options: &Options, sum: &Coverage, failures: &[(u64, Vec<String>)]) -> ExitCode {
    println!("{}", sum.table());
    println!("{} events, {} inputs, {} sessions compared", sum.events, sum.inputs, sum.compared);
    for (seed, problems) in failures.iter().filter(|_| !options.all) {
        show_failure(*seed, problems);
    }
    let holes = if options.seeds >= ENOUGH && failures.is_empty() { sum.holes() } else { Vec::new() };
    holes.iter().for_each(|hole| println!("FAIL never met: {hole}"));
    if failures.is_empty() && holes.is_empty() {
        println!("ok   {} worlds from seed {}", options.seeds, options.from);
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}
