//! What may not leave the page: query values that are not on the allow-list, fragments, e-mails, tokens, long
//! hexadecimal runs and card numbers, in URLs, titles, referrers and properties alike. The collector runs
//! the same code over what arrives.
//!
//! Laws, each a test of the same name in `tests/engine/redact.rs`:
//!   a_planted_secret_never_survives
//!   redacting_twice_changes_nothing

use alloc::string::String;
use alloc::vec::Vec;

use crate::wire::limits;

pub const MARK: &str = "[redacted]";

/// Hexadecimal runs of at least this many digits are ids or tokens, not words.
const LONG_HEX: usize = 16;

/// Free text or a path: every word that looks like a secret is replaced, control characters become spaces
/// (stored records and log lines rely on that), and the whole is bounded.
pub fn text(text: &str, out: &mut String) {
    words(bounded(text, 1024), true, out);
}

/// A property's string, raw as it stands in JSON. Ids are wanted as they are, so under a key that ends in
/// `id` only e-mails and tokens are replaced; under a key that names a secret, everything is.
pub fn property(key: &str, raw: &str, out: &mut String) {
    const SECRET_KEYS: [&str; 6] = ["password", "passwd", "secret", "token", "authorization", "card_number"];
    if SECRET_KEYS.iter().any(|secret| key.eq_ignore_ascii_case(secret)) {
        return out.push_str(MARK);
    }
    let id = key.get(key.len().saturating_sub(2)..).is_some_and(|end| end.eq_ignore_ascii_case("id"));
    words(bounded(raw, limits::STRING_BYTES), !id, out);
}

/// At most `limit` bytes, cut between characters and never inside a JSON escape.
fn bounded(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = end.saturating_sub(5);
    let escape = text.as_bytes().iter().take(end).skip(window).position(|byte| *byte == b'\\');
    end = escape.map_or(end, |at| window + at);
    let before = text.as_bytes().iter().take(end).rev().take_while(|byte| **byte == b'\\').count();
    text.get(..end - before % 2).unwrap_or("")
}

fn words(text: &str, ids: bool, out: &mut String) {
    let bytes = text.as_bytes();
    let mut start = 0;
    // A card number may hold spaces and dashes, so it is looked for across words.
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let card = if ids { card_number(rest) } else { 0 };
        let boundary = start == 0 || !bytes.get(start - 1).is_some_and(u8::is_ascii_alphanumeric);
        if card > 0 && boundary {
            out.push_str(MARK);
            start += card;
            continue;
        }
        let end = rest.bytes().position(is_separator).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or("");
        if is_email(word) || is_token(word) || (ids && is_long_hex(word)) {
            out.push_str(MARK);
        } else {
            out.push_str(word);
        }
        start += end;
        if let Some(&byte) = bytes.get(start) {
            out.push(if byte < b' ' { ' ' } else { byte as char });
            start += 1;
        }
    }
}

/// Separators are ASCII, so a cut beside one is always between characters. `%`, `.`, `@`, `-`, `_` and `+` are
/// part of what we look for.
fn is_separator(byte: u8) -> bool {
    byte <= b' ' || b"/?&=#,;:()<>[]{}\"'\\|!*".contains(&byte)
}

fn is_email(word: &str) -> bool {
    let at = ["@", "%40", "%2540"].iter().find_map(|at| Some((word.find(at)?, at.len())));
    at.is_some_and(|(at, len)| at > 0 && word.get(at + len..).is_some_and(|domain| domain.len() > 3 && domain.contains('.')))
}

/// A JSON web token: three dotted parts, the first of which begins like `{"`.
fn is_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.bytes().filter(|byte| *byte == b'.').count() >= 2
        || word.len() >= 20 && ["sk_", "pk_", "ghp_", "xox"].iter().any(|prefix| word.starts_with(prefix))
}

fn is_long_hex(word: &str) -> bool {
    let hex = word.bytes().filter(u8::is_ascii_hexdigit).count();
    hex >= LONG_HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The length of the card number at the start of `text`, or 0: 13-19 digits, Luhn holds.
fn card_number(text: &str) -> usize {
    let mut digits: Vec<u8> = Vec::new();
    let mut end = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte - b'0');
                end = at + 1;
            }
            b' ' | b'-' | b'+' if at == end && at > 0 => {}
            _ => break,
        }
        if digits.len() > 19 {
            return 0;
        }
    }
    let luhn = digits.iter().rev().enumerate().map(|(at, digit)| match (at % 2, digit * 2) {
        (0, _) => *digit,
        (_, double) => double / 10 + double % 10,
    });
    if digits.len() >= 13 && luhn.map(u32::from).sum::<u32>() % 10 == 0 { end } else { 0 }
}
