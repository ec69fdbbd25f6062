//! Golden transcripts: whole visits as text files, in `golden/`.
//!
//! ```text
//! # what this is about, and the totals worked out by hand
//! #= S1 depth=1 engaged_time=30s
//! +0    open https://shop.test/ title="Home"
//!       > what the engine had done by then; `+15s` if later than the line above
//! +30s  b: input
//! = S1 V1 user depth=1 ...                   the collector's sessions at the end
//! ```
//!
//! Only `#` and command lines are written by hand; `UPDATE=1 cargo test --test engine` writes the rest. A `#=`
//! line is a claim: its words must all stand in the session's line. `TAPES=folder` keeps what went into the engines
//! and came out.

use std::fmt::Write as _;
use std::path::Path;

use crate::script;
use crate::transcript::{Transcript, span};
use crate::world::{Life, World};

/// Long enough for attention to end and for a last engagement report.
const REST: u64 = 61_000;

#[test]
fn golden_transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/golden");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("tests/engine/golden")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut stale = Vec::new();
    for file in files {
        assert!(file.extension().is_some_and(|end| end == "txt"), "unknown file {}", file.display());
        let was = std::fs::read_to_string(&file).expect("readable");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let played = std::panic::catch_unwind(|| play(&was, &name));
        let (now, problems) = played.unwrap_or_else(|_| (was.clone(), vec!["panicked, see above".into()]));
        stale.extend(problems.iter().map(|problem| format!("{name}: {problem}")));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &now).expect("writable");
        } else if was != now {
            stale.push(format!("{name}:\n{}", difference(&was, &now)));
        }
    }
    assert!(stale.is_empty(), "not as recorded (UPDATE=1 rewrites):\n{}", stale.join("\n"));
}

/// The first lines that differ.
fn difference(was: &str, now: &str) -> String {
    let (was, now): (Vec<_>, Vec<_>) = (was.lines().collect(), now.lines().collect());
    let at = was.iter().zip(&now).position(|(was, now)| was != now).unwrap_or(was.len().min(now.len()));
    let line = |lines: &[&str]| lines.get(at).unwrap_or(&"(end)").to_string();
    format!("  line {}\n  was {}\n  now {}", at + 1, line(&was), line(&now))
}

struct Player {
    world: World,
    words: Transcript,
    out: String,
    /// What has been written of what was seen, and when the last command was.
    told: usize,
    at: u64,
    /// Sends are counted and not written out.
    quiet: bool,
}

/// The transcript, and what is wrong with it.
fn play(text: &str, name: &str) -> (String, Vec<String>) {
    let mut world = World::new(name.bytes().fold(1, |sum, byte| sum * 31 % 65_521 + u32::from(byte)));
    let tapes = std::env::var_os("TAPES");
    world.tape = tapes.as_ref().map(|_| Default::default());
    let at = world.mono;
    let mut player =
        Player { world, words: Transcript::default(), out: String::new(), told: 0, at, quiet: false };
    let hand_written =
        |line: &&str| !line.starts_with('=') && !line.trim_start().starts_with('>') && *line != "end";
    for line in text.lines().filter(hand_written) {
        if line.is_empty() || line.starts_with('#') {
            player.out += &format!("{line}\n");
        } else {
            player.line(line, name);
        }
    }
    let (open, mut problems) = player.end();
    if let (Some(folder), Some(mut tape)) = (tapes, player.world.tape.take()) {
        for tab in open {
            tape.look(tab, player.world.stamp(tab), &player.world.tabs[tab].engine);
        }
        let lines: String = tape.0.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(Path::new(&folder).join(name), lines).expect("a folder for tapes");
    }
    let sessions: Vec<&str> = player.out.lines().filter_map(|line| line.strip_prefix("= ")).collect();
    for claim in text.lines().filter_map(|line| line.strip_prefix("#= ")) {
        let mut words = claim.split(' ');
        let subject = words.next().unwrap_or_default();
        let line =
            sessions.iter().find(|line| line.split(' ').next() == Some(subject)).unwrap_or(&"(no such line)");
        if !words.all(|word| line.split(' ').any(|other| other == word)) {
            problems.push(format!("worked out by hand\n      {claim}\n  got {line}"));
        }
    }
    (player.out, problems)
}

impl Player {
    fn line(&mut self, line: &str, name: &str) {
        let mut words = script::words(line);
        let when = words.remove(0);
        let Some(span) = when.strip_prefix('+') else { panic!("{name}: a line begins with +time: {line}") };
        let tab = match words.first().and_then(|word| word.strip_suffix(':')) {
            Some(_) => words.remove(0).trim_end_matches(':').to_string(),
            None => "a".into(),
        };
        self.world.run(script::millis(span));
        self.tell();
        self.out += &format!("{}\n", line.trim_end());
        self.at = self.world.mono;
        let index = || self.world.named(&tab);
        let said = match words[0].as_str() {
            "summary" => self.words.summary(&self.world, index()),
            "explain" => self.words.explain(&self.world, index()),
            // `repeat 50 29m input`
            "repeat" => {
                for _ in 0..words[1].parse().expect("how often") {
                    self.world.run(script::millis(&words[2]));
                    assert!(
                        script::act(&mut self.world, &tab, &words[3..]),
                        "{name}: unknown command: {line}"
                    );
                }
                Vec::new()
            }
            "quiet" | "aloud" => {
                self.quiet = words[0] == "quiet";
                Vec::new()
            }
            _ => {
                assert!(script::act(&mut self.world, &tab, &words), "{name}: unknown command: {line}");
                self.world.run(0);
                Vec::new()
            }
        };
        said.iter().for_each(|line| writeln!(self.out, "      > {line}").expect("a string"));
        self.tell();
    }

    /// Writes down what was seen since.
    fn tell(&mut self) {
        let untold = self.told;
        if self.quiet && self.world.seen.len() > untold {
            self.told = self.world.seen.len();
            return self.out += &format!("      > ({} outputs not shown)\n", self.told - untold);
        }
        for (at, tab, seen) in &self.world.seen[self.told..] {
            let mut lead = String::from("      > ");
            if *at > self.at {
                lead += &format!("+{} ", span(at - self.at));
            }
            if self.world.tabs.iter().any(|other| other.name != "a") {
                lead += &format!("{}: ", self.world.tabs[*tab].name);
            }
            for (at, line) in self.words.seen(seen).iter().enumerate() {
                let lead = if at == 0 { &lead } else { "      > " };
                self.out += &format!("{lead}{line}\n");
            }
        }
        self.told = self.world.seen.len();
    }

    /// Everything that can still arrive arrives; then page and collector must agree. The tabs that are still open,
    /// and what is wrong.
    fn end(&mut self) -> (Vec<usize>, Vec<String>) {
        self.world.collector.mood = crate::collector::Mood::Up;
        let open: Vec<usize> =
            (0..self.world.tabs.len()).filter(|tab| self.world.tabs[*tab].life == Life::Open).collect();
        self.tell();
        self.out += "end\n";
        self.at = self.world.mono;
        crate::agreement::settle(&mut self.world, &open, REST);
        self.tell();
        for session in &self.world.collector.sessions() {
            let line = self.words.session(session);
            self.out += &format!("= {line}\n");
        }
        let (rows, duplicates) = (self.world.rows.len(), self.world.collector.duplicates);
        self.out += &format!(
            "= arrived events={} posts={} duplicates={duplicates} rows_left={rows}\n",
            self.world.collector.events.len(),
            self.world.collector.posts
        );
        let problems = crate::agreement::check(&self.world, &open);
        (open, problems)
    }
}
