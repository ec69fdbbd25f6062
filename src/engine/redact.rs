//! What may not leave the page: query values that are not on the allow-list, fragments, e-mails, tokens, long
//! hexadecimal runs, card numbers, and what stands beside a name such as `password`, in URLs, titles, referrers
//! and properties alike. The collector runs the same code over what arrives.
//!
//! Laws, each a test of the same name in `tests/engine/redact.rs`:
//!   a_planted_secret_never_survives
//!   redacting_twice_changes_nothing

use alloc::string::String;

use super::url::decode;
use crate::wire::text::{Put, cut, has, listed, part};

pub const MARK: &str = "[redacted]";

/// Hexadecimal runs of at least this many digits are ids or tokens, not words.
const LONG_HEX: u32 = 16;
/// Free text and paths are bounded: a record holds a hundred of them.
const TEXT_BYTES: usize = 1024;
/// Words are tokens from this length on.
const TOKEN: usize = 20;
/// Part of what we look for, as letters and digits are.
const KEPT: &str = "%.@-_+~$^`";
/// What the name of a secret contains, in lower case and without what is no letter. A space is the name's end.
const SECRET_NAMES: &str = "passw,passphr,pwd,secret,token,credential,authoriz,oauth, auth , pass , pin , otp , sid ,\
    sessid,sessionid,apikey,privatekey,accesskey,cvc,cvv,iban, ssn ";

/// Free text or a path: every word that looks like a secret is replaced; control characters become spaces
/// (stored records and log lines rely on that).
pub fn text(text: &str, out: &mut String) {
    let mut end = text.len().min(TEXT_BYTES);
    // Not through a word, for half an e-mail address no longer looks like one; no address is longer than this.
    let least = if text.len() > end { end - 256 } else { end };
    while end > least && !is_separator(byte_at(text, end)) {
        end -= 1;
    }
    // Nor through a character.
    while part(text, 0, end).len() < end {
        end -= 1;
    }
    words(part(text, 0, end), false, true, out);
}

/// Properties, members of a JSON object without white space between them. Ids are wanted as they are, so under a
/// key that ends in `id` only e-mails and keys are replaced; under a key that names a secret, everything is.
pub fn properties(json: &str, out: &mut String) {
    words(json, true, true, out);
}

/// Separators are ASCII, so a cut beside one is always between characters. `%`, `.`, `@`, `-`, `_` and `+` are
/// part of what we look for. What is redacted already stays as it is, for the collector does it again.
fn words(text: &str, json: bool, encoded: bool, out: &mut String) {
    let (mut start, mut last, mut key) = (0, 0, 0);
    let mut place = Place { depth: 1, ..Place::default() };
    while start < text.len() {
        let mut end = start;
        if part(text, start, start + MARK.len()) == MARK {
            end += MARK.len();
        }
        while !is_separator(byte_at(text, end)) {
            end += 1;
        }
        let word = part(text, start, end);
        if !word.is_empty() {
            // A card number may hold spaces and dashes, so it is looked for across words.
            let card = if place.id { 0 } else { card_number(part(text, start, text.len())) };
            let hidden = place.named || place.secret > 0 || (place.below && !is_plain(word));
            if card > 0 || hidden || is_sensitive(word, place.id, encoded) {
                end = end.max(start + card);
                last = end;
                // A bare number becomes a string.
                out.put(if json && !place.quoted { "\"[redacted]\"" } else { MARK });
            } else {
                last = start;
                out.put(word);
            }
        }
        start = end;
        end += 1;
        let byte = byte_at(text, start);
        if (byte == b'?' || (byte == b'#' && place.url)) && !is_separator(byte_at(text, end)) {
            // The query or the fragment of a URL.
            while !matches!(byte_at(text, end), b'\0'..=b' ' | b'"' | b'\'' | b'<' | b'>' | b'\\') {
                end += 1;
            }
            out.put_byte(byte);
            out.put(MARK);
            // Its last name may be that of a secret whose value stands behind a space.
            place.pass(byte_at(text, end - 1), part(text, start, end), json);
        } else {
            if byte == b'"' && !place.quoted {
                key = start + 1;
            }
            // Of a key the whole, for it may be several words.
            place.pass(byte, part(text, if json && !place.quoted { key } else { last }, start), json);
            if json && byte == b'\\' {
                // An escape is a separator as a whole: its letter is no part of the word that follows.
                end += if byte_at(text, end) == b'u' { 5 } else { 1 };
            }
            if byte >= b' ' {
                out.put(part(text, start, end));
            } else if !json && start < text.len() {
                // In a snapshot it stands between members.
                out.put_byte(b' ');
            }
        }
        start = end;
    }
}

/// Where in a text we are, and what that says of the next word.
#[derive(Default)]
struct Place {
    quoted: bool,
    /// The key names an id.
    id: bool,
    /// A slash came before: a `#` may begin a fragment.
    url: bool,
    /// After `password=`: how its value ends, nobody knows, so the rest of the text is hidden.
    named: bool,
    /// Below `/reset-password/`, in a path.
    below: bool,
    /// Brackets around us, and around the key of a secret whose value we are in.
    depth: i32,
    secret: i32,
}

impl Place {
    /// `name` is the key, or the last word that was no secret itself, and what came after it.
    fn pass(&mut self, separator: u8, name: &str, json: bool) {
        match separator {
            b':' | b'=' => {
                let key = json && !self.quoted;
                if key {
                    self.id = self.secret == 0 && is_id(name);
                }
                if self.secret == 0 && is_secret(name, b' ') {
                    if key {
                        self.secret = self.depth;
                    } else {
                        self.named = true;
                    }
                }
            }
            b',' if !self.quoted && self.depth <= self.secret => self.secret = 0,
            b'{' | b'[' if !self.quoted => self.depth += 1,
            b'}' | b']' if !self.quoted => self.depth -= 1,
            b'/' => {
                self.url = true;
                self.below |= is_secret(name, b'/');
            }
            ..=b' ' | b'"' | b'\\' => {
                let quote = separator == b'"';
                self.quoted ^= quote;
                self.named &= !(json && quote);
                (self.url, self.below) = (false, false);
            }
            _ => {}
        }
    }
}

fn is_sensitive(word: &str, id: bool, encoded: bool) -> bool {
    let letters = Letters::of(word);
    is_email(word)
        // A JSON web token: three dotted parts, of which the first begins like `{"`.
        || (word.starts_with("eyJ") && has(word, "."))
        || (!id && (letters.token || (letters.hex >= LONG_HEX && letters.others == 0)))
        || (encoded && letters.coded && hides(word))
}

/// Whether a secret comes to light once the word is decoded.
fn hides(word: &str) -> bool {
    let mut clean = String::new();
    // As often as URLs within URLs within URLs are encoded.
    words(&decode(&decode(&decode(word))), false, false, &mut clean);
    has(&clean, MARK)
}

/// Whether the key, with the quote after it, names an id: `order_id` and `orderId` do, `paid` does not.
fn is_id(key: &str) -> bool {
    match key.as_bytes() {
        [.., before, b'i', b'd', _] => !before.is_ascii_alphabetic(),
        [.., before, b'I', b'D' | b'd', _] => !before.is_ascii_uppercase(),
        _ => listed("id\",ID\",customer\"", key),
    }
}

/// With what stands around the name: `/pass/` and `/pin/` are what a site sells or shows.
fn is_secret(name: &str, around: u8) -> bool {
    let mut plain = String::new();
    plain.put_byte(around);
    for byte in name.bytes().filter(u8::is_ascii_alphabetic) {
        plain.put_byte(byte.to_ascii_lowercase());
    }
    plain.put_byte(around);
    let mut rest = SECRET_NAMES;
    while !rest.is_empty() {
        let (stem, after) = cut(rest, b',');
        rest = after;
        if has(&plain, stem) {
            return true;
        }
    }
    false
}

/// 0 behind the end.
#[inline(never)]
pub fn byte_at(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

fn is_separator(byte: u8) -> bool {
    byte < 128 && !byte.is_ascii_alphanumeric() && cut(KEPT, byte).0 == KEPT
}

/// As the steps of a form are called, `/password/new`, and no secret is that is worth the name.
fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.'))
}

fn is_email(word: &str) -> bool {
    let (name, domain) = cut(word, b'@');
    !name.is_empty() && domain.len() > 3 && has(domain, ".")
}

/// What one look at each of a word's bytes tells.
#[derive(Default)]
struct Letters {
    /// Hexadecimal digits, and what is neither that nor a dash.
    hex: u32,
    others: u32,
    /// A `%`, or what full-width forms of ASCII characters begin with.
    coded: bool,
    /// Random characters: letters and digits in turns, and more than twice as many turns as dashes, for the names of
    /// products have a few: `galaxy-s24-ultra-5g-256gb`. Dots divide a host or a file name, not a token.
    token: bool,
}

impl Letters {
    fn of(word: &str) -> Letters {
        let mut all = Letters::default();
        let (mut run, mut turns, mut capitals, mut before) = (0, 0, 0, 0_u8);
        for at in 0..=word.len() {
            let byte = byte_at(word, at);
            if matches!(byte, b'.' | 0) {
                // More of them in camelCase: `checkoutStep2Completed`.
                let least = if capitals > 0 { 3 } else { 1 };
                all.token |= run >= TOKEN && turns > least && turns + capitals > 0;
                (run, turns, capitals) = (0, 0, 0);
            } else {
                if run > 0 && !byte.is_ascii_alphanumeric() {
                    capitals -= 2;
                } else if run > 0 && before.is_ascii_alphanumeric() {
                    turns += i32::from(before.is_ascii_digit() != byte.is_ascii_digit());
                    capitals += i32::from(before.is_ascii_lowercase() && byte.is_ascii_uppercase());
                }
                run += 1;
            }
            before = byte;
            all.hex += u32::from(byte.is_ascii_hexdigit());
            all.others += u32::from(!byte.is_ascii_hexdigit() && !matches!(byte, b'-' | 0));
            all.coded |= byte == b'%' || byte >= 0xEF;
        }
        all
    }
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
            // An escape, or a space that does not break, is two bytes.
            _ if at < end + 3
                && at > 0
                && (byte <= b' ' || byte >= 128 || has("-+\\nrt", part(text, at, at + 1))) => {}
            _ => break,
        }
    }
    found
}
