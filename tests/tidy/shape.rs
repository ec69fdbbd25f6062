//! How long files, functions and lines may be.

use crate::rule::Violation;
use crate::source::File;

const CODE_LINES: usize = 300;
const ALL_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 120;
const PROGRAMS: [&str; 3] = ["rs", "ts", "mjs"];

/// A file is one screenful of ideas: 300 lines of code.
pub fn long_files(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.ends(&PROGRAMS)) {
        let code = file.spoken.lines().filter(|line| !line.trim().is_empty()).count();
        if code > CODE_LINES {
            found.push(Violation::new(file, 1, format!("over {CODE_LINES} lines of code")));
        }
    }
    found
}

/// Comments included, and without exception.
pub fn very_long_files(files: &[File]) -> Vec<Violation> {
    let long = files.iter().filter(|file| file.ends(&PROGRAMS) && file.text.lines().count() > ALL_LINES);
    long.map(|file| Violation::new(file, ALL_LINES, format!("over {ALL_LINES} lines"))).collect()
}

pub fn long_lines(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.ends(&PROGRAMS)) {
        for (at, line) in file.text.lines().enumerate().filter(|(_, line)| line.chars().count() > COLUMNS) {
            found.push(Violation::new(file, at + 1, format!("{} columns", line.chars().count())));
        }
    }
    found
}

pub fn long_functions(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.ends(&PROGRAMS)) {
        let rust = file.ends(&["rs"]);
        for (first, last, head) in blocks(&file.code) {
            let function = if rust { rust_function(head) } else { script_function(head) };
            if function && last - first >= FUNCTION_LINES {
                found.push(Violation::new(file, first, format!("a function of {} lines", last - first + 1)));
            }
        }
    }
    found
}

/// Every `{…}` as (first line, last line, what stands before it since the last statement).
fn blocks(code: &str) -> Vec<(usize, usize, &str)> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut found = Vec::new();
    let (mut line, mut since) = (1, 0);
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'\n' => line += 1,
            b'{' => {
                let head = &code[since..at];
                let begun = line - head.trim_start().matches('\n').count();
                open.push((begun, head));
                since = at + 1;
            }
            b'}' => {
                if let Some((first, head)) = open.pop() {
                    found.push((first, line, head));
                }
                since = at + 1;
            }
            b';' => since = at + 1,
            _ => {}
        }
    }
    found
}

fn rust_function(head: &str) -> bool {
    head.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "fn")
}

/// A function, a method or an arrow; also `if (…)`, which is in a function at least as long.
fn script_function(head: &str) -> bool {
    let head = head.trim_end();
    let before_type = head.rsplit_once("):").map_or(head, |(before, _)| before);
    head.ends_with("=>") || head.ends_with(')') || before_type.len() < head.len()
}
