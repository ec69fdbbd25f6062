//! What README and the page about collectors say of a format is what the format says of itself.

use std::fs;
use std::path::Path;

use passerby::wire::formats::{FORMATS, Format};

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// Whether browsers ask first, and whether a repeated event is counted once.
fn cells(format: &Format) -> [&'static str; 2] {
    let yes = |is: bool| if is { "yes" } else { "no" };
    [if format.in_page { yes(format.preflight) } else { "from the collector only" }, yes(format.deduplicates)]
}

#[test]
fn the_readme_has_a_true_row_for_each_format() {
    let readme = text("README.md");
    for format in FORMATS {
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}` |", format.name)));
        let row: Vec<&str> = row.expect(format.name).split(" | ").collect();
        assert_eq!(row.get(2..4), Some(cells(format).as_slice()), "{}", format.name);
    }
}

#[test]
fn the_page_about_collectors_has_a_true_row_for_each_format() {
    let page = text("www/collectors.html");
    for format in FORMATS {
        let (_, row) = page.split_once(&format!("<tr data-format=\"{}\">", format.name)).expect(format.name);
        let [asks, once] = cells(format);
        let row = row.split("</tr>").next().unwrap_or_default();
        assert!(row.contains(&format!("<td>{asks}</td><td>{once}</td>")), "{}: {row}", format.name);
        let named = match format.in_page {
            true => format!("data-format=\"{}\"", format.name),
            false => format!("--to {}=", format.name),
        };
        assert!(row.contains(&named), "{row}");
    }
    let rows = page.matches("<tr data-format=").count();
    assert_eq!(rows, FORMATS.len(), "and none for what is no format");
}
