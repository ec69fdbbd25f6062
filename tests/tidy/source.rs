//! The repository's own text, and what of it is code.

use std::fs;
use std::path::Path;

/// Folders and files that people write. What is built, installed or collected is not looked at.
const WRITTEN: [&str; 10] = [
    ".ci",
    "src",
    "tests",
    "www",
    "Cargo.toml",
    "package.json",
    "package-lock.json",
    "README.md",
    "CHANGELOG.md",
    "tsconfig.json",
];
const TEXT: [&str; 13] =
    ["rs", "ts", "mjs", "js", "toml", "json", "md", "html", "css", "sql", "txt", "ndjson", "run"];

#[derive(Clone, Debug)]
pub struct File {
    /// From the repository's root, with `/`.
    pub path: String,
    pub text: String,
    /// The text without comments; strings stay.
    pub spoken: String,
    /// The text without comments and without what strings say. Line for line as long as the text.
    pub code: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        let kind = path.rsplit('.').next().unwrap_or("");
        let rust = kind == "rs";
        let known = rust || matches!(kind, "ts" | "mjs" | "js");
        let blank = |strings| if known { blanked(text, rust, strings) } else { text.to_owned() };
        File { path: path.to_owned(), text: text.to_owned(), spoken: blank(false), code: blank(true) }
    }

    pub fn ends(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.path.rsplit('.').next() == Some(*kind))
    }

    pub fn under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Rust up to its inline tests, which stand last in a file; nothing of a file of tests.
    pub fn shipped(&self) -> &str {
        if self.path.ends_with("/tests.rs") {
            return "";
        }
        self.code.split("#[cfg(test)]").next().unwrap_or("")
    }
}

/// Every written text file.
pub fn all() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for name in WRITTEN {
        collect(root, name, &mut files);
    }
    assert!(files.len() > 10, "tidy must find the repository it looks at");
    files
}

fn collect(root: &Path, name: &str, files: &mut Vec<File>) {
    let path = root.join(name);
    if name.ends_with("/node_modules") {
        // What is installed for a test is not written here.
    } else if path.is_dir() {
        let entries = fs::read_dir(&path).expect("a readable folder");
        for entry in entries {
            let entry = entry.expect("a readable entry").file_name();
            collect(root, &format!("{name}/{}", entry.to_string_lossy()), files);
        }
    } else if TEXT.contains(&name.rsplit(['.', '/']).next().unwrap_or("")) && !name.starts_with("tests/out/")
    {
        // Absent top-level files are other people's business.
        if let Ok(text) = fs::read_to_string(&path) {
            files.push(File::new(name, &text));
        }
    }
}

/// `text` with comments, and if `strings` also the contents of strings, replaced by spaces.
fn blanked(text: &str, rust: bool, strings: bool) -> String {
    let mut lexer = Lexer { text: text.as_bytes(), at: 0, out: text.as_bytes().to_vec(), rust, strings };
    while lexer.at < lexer.text.len() {
        lexer.step();
    }
    String::from_utf8(lexer.out).expect("only whole characters are replaced")
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    out: Vec<u8>,
    rust: bool,
    strings: bool,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        match rest[0] {
            _ if rest.starts_with(b"//") => self.blank_to(self.find(self.at, b"\n"), true),
            _ if rest.starts_with(b"/*") => self.blank_to(self.find(self.at + 2, b"*/") + 2, true),
            b'r' | b'b' if self.rust && self.raw_end().is_some() => {
                let end = self.raw_end().unwrap_or(self.text.len());
                self.blank_to(end, self.strings);
            }
            b'"' => self.quoted(b'"'),
            b'\'' if !self.rust || self.char_literal() => self.quoted(b'\''),
            b'`' if !self.rust => self.template(),
            b'/' if !self.rust && self.regex_may_begin() => self.quoted(b'/'),
            _ => self.at += 1,
        }
    }

    fn find(&self, from: usize, what: &[u8]) -> usize {
        let rest = self.text.get(from..).unwrap_or(&[]);
        rest.windows(what.len()).position(|part| part == what).map_or(self.text.len(), |at| from + at)
    }

    fn blank_to(&mut self, end: usize, blank: bool) {
        let end = end.min(self.text.len());
        if blank {
            for byte in &mut self.out[self.at..end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        self.at = end;
    }

    /// A string, a character or a regular expression; its marks stay.
    fn quoted(&mut self, mark: u8) {
        self.at += 1;
        let mut end = self.at;
        let mut class = false;
        while end < self.text.len() && (self.text[end] != mark || class) {
            match self.text[end] {
                b'\\' => end += 1,
                b'[' if mark == b'/' => class = true,
                b']' if mark == b'/' => class = false,
                _ => {}
            }
            end += 1;
        }
        self.blank_to(end, self.strings);
        self.at += 1;
    }

    /// A template: what it says is blanked, what it computes is code.
    fn template(&mut self) {
        self.at += 1;
        while self.at < self.text.len() && self.text[self.at] != b'`' {
            if self.text[self.at..].starts_with(b"${") {
                self.at += 2;
                let mut depth = 1;
                while self.at < self.text.len() && depth > 0 {
                    match self.text[self.at] {
                        b'{' => depth += 1,
                        b'}' => depth -= 1,
                        _ => {}
                    }
                    self.step();
                }
            } else {
                let escaped = usize::from(self.text[self.at] == b'\\');
                self.blank_to(self.at + 1 + escaped, self.strings);
            }
        }
        self.at += 1;
    }

    /// Where `r"…"`, `r#"…"#` or `br"…"` ends, if one begins here.
    fn raw_end(&self) -> Option<usize> {
        let before = self.at.checked_sub(1).map(|at| self.text[at]);
        if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let after_b = self.at + usize::from(self.text[self.at] == b'b');
        let rest = self.text.get(after_b..)?.strip_prefix(b"r")?;
        let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
        if rest.get(hashes) != Some(&b'"') {
            return None;
        }
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        Some(self.find(after_b + 1 + hashes + 1, &close) + close.len())
    }

    /// `'x'` or `'\n'`, not the lifetime `'a`.
    fn char_literal(&self) -> bool {
        let rest = &self.text[self.at + 1..];
        rest.first() == Some(&b'\\')
            || rest.iter().take(5).skip(1).position(|byte| *byte == b'\'').is_some_and(|at| {
                // One character of up to four bytes stands between the marks.
                std::str::from_utf8(&rest[..at + 1]).is_ok_and(|text| text.chars().count() == 1)
            })
    }

    /// After a value a slash divides; anywhere else it begins a regular expression.
    fn regex_may_begin(&self) -> bool {
        let before = String::from_utf8_lossy(&self.out[..self.at]);
        let before = before.trim_end();
        before.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';', '>'])
            || before.ends_with("return")
            || before.is_empty()
    }
}
