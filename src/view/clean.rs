//! Strings from outside, made fit to be read: one line, bounded, nothing that reorders or hides.

use alloc::string::String;

/// Characters of a title.
pub const TITLE: usize = 120;
/// Characters of a path, an event's name, a source.
pub const NAME: usize = 160;
/// Characters of a rule or a reason.
pub const SENTENCE: usize = 400;

/// `text` on one line of at most `limit` characters; what was cut off ends in an ellipsis.
pub fn line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    let mut gap = false;
    for char in text.chars() {
        if char.is_whitespace() || char.is_control() {
            gap = length > 0;
            continue;
        }
        if is_hidden(char) {
            continue;
        }
        if length + 1 + usize::from(gap) > limit {
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            length += 1;
            gap = false;
        }
        out.push(char);
        length += 1;
    }
    out
}

/// A sentence the engine wrote, with a capital at its head and a stop at its end; a name such as
/// `add_to_cart` at its head stays as it is.
pub fn sentence(text: &str) -> String {
    let text = line(text, SENTENCE);
    let named = text.split(' ').next().is_some_and(|first| first.contains('_'));
    let mut out = if named { text } else { capital(&text) };
    if out.chars().next_back().is_some_and(|last| !matches!(last, '.' | '!' | '?' | '…' | ':')) {
        out.push('.');
    }
    out
}

/// `organic_search` as "Organic search".
pub fn words(slug: &str) -> String {
    capital(&line(&slug.chars().map(|char| if char == '_' { ' ' } else { char }).collect::<String>(), NAME))
}

/// Where a page is within its site: what follows the origin, or the whole where there is none.
pub fn path(url: &str) -> String {
    let rest = web(url).and_then(|rest| rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)));
    match (rest, web(url)) {
        (Some(rest), _) => line(rest, NAME),
        (None, Some(_)) => "/".into(),
        (None, None) => line(url, NAME),
    }
}

/// `url` if it may be a link: http or https, and nothing that could be read as something else.
pub fn link(url: &str) -> Option<String> {
    let safe =
        url.len() <= 2_048 && !url.chars().any(|char| is_hidden(char) || char.is_control() || char == '\\');
    (safe && web(url).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))).then(|| url.into())
}

/// What follows `http://` or `https://`.
fn web(url: &str) -> Option<&str> {
    // By bytes: searching for a string costs the widget more code than this whole file.
    ["http://", "https://"].iter().find_map(|scheme| {
        url.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .and(url.get(scheme.len()..))
    })
}

/// Bidirectional controls (which would show a path reversed), zero-width and tag characters (which hide
/// differences). Joiners stay: scripts and emoji need them.
fn is_hidden(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    if let Some(first) = chars.next() {
        // ASCII only: the tables of Unicode's upper case are not worth their bytes here.
        out.push(first.to_ascii_uppercase());
        out.push_str(chars.as_str());
    }
    out
}
