//! The README's five visitors: what `explain()` says of them stands there as the transcripts recorded it.

use std::path::Path;

const VISITORS: [&str; 5] = ["01-bounce", "47-cart", "10-purchase", "21-signal", "22-collector-down"];
const TOLD: [&str; 4] = ["bounce", "audience", "consent", "delivery"];

#[test]
fn the_readmes_visitors_are_as_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    for visitor in VISITORS {
        let path = root.join(format!("tests/engine/golden/{visitor}.txt"));
        let row = row(&std::fs::read_to_string(path).expect(visitor));
        assert!(readme.contains(&row), "{visitor} is not so in README.md:\n{row}");
    }
}

/// `| who | bounce: no, why; audience: customer, why |`
fn row(transcript: &str) -> String {
    let title = transcript.lines().next().unwrap_or_default().trim_start_matches("# ");
    let said = transcript.lines().filter_map(|line| line.trim_start().strip_prefix("> explain "));
    let told: Vec<String> = said.filter_map(told).collect();
    assert!(told.len() > 1, "{title}: {told:?}");
    format!("\n| {title} | {} |\n", told.join("; "))
}

/// What it is and what it looked at; the rules stand above them.
fn told(line: &str) -> Option<String> {
    let (about, rest) = line.split_once('=')?;
    let (is, rest) = rest.split_once(": ")?;
    let because = rest.split_once("; ").map(|(because, _)| because.trim_matches('"'))?;
    let silent = !TOLD.contains(&about) || is == "granted";
    (!silent).then(|| match because {
        "null" => format!("{about}: {is}"),
        _ => format!("{about}: {is} ({because})"),
    })
}
