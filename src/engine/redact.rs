//! What may not leave the page: query values that are not on the allow-list, fragments, e-mails, tokens, long
//! hexadecimal runs and card numbers, in URLs, titles, referrers and properties alike. The collector runs
//! the same code over what arrives.
//!
//! Laws, each a test of the same name in `tests/engine/redact.rs`:
//!   a_planted_secret_never_survives
//!   redacting_twice_changes_nothing

use alloc::string::String;

use crate::wire::text::{Put, find, has, listed, part};

pub const MARK: &str = "[redacted]";

/// Hexadecimal runs of at least this many digits are ids or tokens, not words.
const LONG_HEX: usize = 16;
/// Free text and paths are bounded: a record holds a hundred of them.
const TEXT_BYTES: usize = 1024;
/// Keys whose values are secret whatever they look like.
const SECRET_KEYS: &str = "password,passwd,secret,token,access_token,authorization,card_number,cvc,iban";

/// Free text or a path: every word that looks like a secret is replaced; control characters become spaces
/// (stored records and log lines rely on that).
pub fn text(text: &str, out: &mut String) {
    let mut end = text.len().min(TEXT_BYTES);
    // Not through a word, for half an e-mail address no longer looks like one; no address is longer than this.
    let least = if text.len() > end { end - 256 } else { end };
    while end > least && !text.as_bytes().get(end).copied().is_some_and(is_separator) {
        end -= 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    words(part(text, 0, end), false, out);
}

/// Properties, members of a JSON object. Ids are wanted as they are, so under a key that ends in `id` only
/// e-mails and tokens are replaced; under a key that names a secret, everything is.
pub fn properties(json: &str, out: &mut String) {
    words(json, true, out);
}

/// Separators are ASCII, so a cut beside one is always between characters. `%`, `.`, `@`, `-`, `_` and `+` are
/// part of what we look for.
fn words(text: &str, json: bool, out: &mut String) {
    let byte_at = |at: usize| text.as_bytes().get(at).copied().unwrap_or(0);
    let (mut start, mut key, mut quoted, mut secret) = (0, "", false, false);
    while start < text.len() {
        let mut end = start;
        while end < text.len() && !is_separator(byte_at(end)) {
            end += 1;
        }
        let word = part(text, start, end);
        let id = json && (key.ends_with("id") || key.ends_with("Id") || key.ends_with("ID"));
        // A card number may hold spaces and dashes, so it is looked for across words.
        let card = if id || word.is_empty() { 0 } else { card_number(part(text, start, text.len())) };
        let is_key = json && quoted && byte_at(end) == b'"' && byte_at(end + 1) == b':';
        if is_key {
            // What the values up to the next key are judged by.
            key = word;
            secret = listed(SECRET_KEYS, key);
        }
        // The collector does it again, so what is redacted stays as it is.
        let named = secret && !is_key && end > start && word != "redacted";
        if card > 0 || named || is_email(word) || is_token(word) || (!id && is_long_hex(word)) {
            end = end.max(start + card);
            // A bare number becomes a string.
            out.put(if json && !quoted { "\"[redacted]\"" } else { MARK });
        } else {
            out.put(word);
        }
        start = end;
        // An escape is a separator as a whole: its letter is no part of the word that follows.
        end += match byte_at(start) {
            b'\\' if json => {
                if byte_at(start + 1) == b'u' {
                    6
                } else {
                    2
                }
            }
            byte => {
                quoted ^= byte == b'"';
                1
            }
        };
        match part(text, start, end) {
            control if byte_at(start) < b' ' && !control.is_empty() => {
                // Between a snapshot's members.
                if !json {
                    out.put_byte(b' ');
                }
            }
            separator => out.put(separator),
        }
        start = end;
    }
}

fn is_separator(byte: u8) -> bool {
    let kept = matches!(byte, b'%' | b'.' | b'@' | b'-' | b'_' | b'+' | b'~' | b'$' | b'^' | b'`' | 128..);
    !kept && !byte.is_ascii_alphanumeric()
}

fn is_email(word: &str) -> bool {
    ["@", "%40", "%2540"].iter().any(|at| {
        find(word, at).is_some_and(|found| {
            let domain = part(word, found + at.len(), word.len());
            found > 0 && domain.len() > 3 && has(domain, ".")
        })
    })
}

/// A JSON web token, three dotted parts of which the first begins like `{"`; or a vendor's key.
fn is_token(word: &str) -> bool {
    (word.starts_with("eyJ") && has(word, "."))
        || (word.len() >= 20 && ["sk_", "pk_", "ghp_", "xox"].iter().any(|prefix| word.starts_with(prefix)))
}

fn is_long_hex(word: &str) -> bool {
    let hex = word.bytes().filter(u8::is_ascii_hexdigit).count();
    hex >= LONG_HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The length of the card number at the start of `text`, or 0: 14-19 digits, Luhn holds. The 13 digits of some
/// cards long out of use are the 13 digits of every timestamp in milliseconds.
fn card_number(text: &str) -> usize {
    let (mut digits, mut even, mut odd, mut end, mut found) = (0, 0, 0, 0, 0);
    let bytes = text.as_bytes();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = u32::from(byte - b'0');
                // Which digits count double is known only at the end, so both sums are kept.
                (even, odd) = (odd + digit, even + if digit > 4 { digit * 2 - 9 } else { digit * 2 });
                digits += 1;
                end = at + 1;
                // The digits of its expiry may follow, and are no part of it.
                let last = !bytes.get(end).is_some_and(u8::is_ascii_digit);
                if last && even % 10 == 0 && (14..=19).contains(&digits) {
                    found = end;
                }
            }
            b'\0'..=b' ' | b'-' | b'+' if at == end && at > 0 => {}
            _ => break,
        }
    }
    found
}
