//! Unpack: the body as sent becomes bounded UTF-8 text.
//!
//! The magic bytes tell gzip from JSON, because a beacon may set no header without a preflight. Inflated
//! bytes are counted while they appear, so a bomb costs at most the limit. A second member, or anything
//! else after the first, is refused: it could hide a second batch from whoever logs the first.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;

use super::ingest::Refusal;
use crate::wire::limits;

const GZIP: [u8; 2] = [0x1f, 0x8b];

pub fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&GZIP)
}

pub fn text(body: &[u8]) -> Result<String, Refusal> {
    if body.len() > limits::BATCH_BYTES {
        let error =
            format!("The body is larger than {} bytes: send fewer events at once.", limits::BATCH_BYTES);
        return Err(Refusal::new(413, "too_large", error));
    }
    let bytes = if is_gzip(body) { inflate(body)? } else { body.to_vec() };
    if is_gzip(&bytes) {
        return Err(gzip("The gzip body holds gzip again: compress once."));
    }
    plain(bytes)
}

/// Inflated bytes as text that serde_json can read.
pub fn plain(bytes: Vec<u8>) -> Result<String, Refusal> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let error = "The body starts with a byte order mark: send plain UTF-8.";
        return Err(Refusal { position: Some(0), ..Refusal::new(400, "encoding", error) });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let position = Some(error.utf8_error().valid_up_to());
        Refusal { position, ..Refusal::new(400, "encoding", "The body is not valid UTF-8.") }
    })?;
    Ok(match without_lone_surrogates(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(mended) => mended,
    })
}

fn gzip(error: &str) -> Refusal {
    Refusal::new(400, "gzip", error)
}

fn inflate(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut decoder = GzDecoder::new(body);
    let mut bytes = Vec::with_capacity(body.len() * 4);
    // One byte more than allowed tells "exactly the limit" from "over it".
    decoder
        .by_ref()
        .take(limits::INFLATED_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| gzip("The gzip body is damaged or cut short."))?;
    if bytes.len() > limits::INFLATED_BYTES {
        let error =
            format!("The body inflates to more than {} bytes: send fewer events.", limits::INFLATED_BYTES);
        return Err(Refusal::new(413, "too_large", error));
    }
    if !decoder.into_inner().is_empty() {
        return Err(gzip("Something follows the gzip body: send one member only."));
    }
    Ok(bytes)
}

/// `JSON.stringify` writes half of a surrogate pair as `\ud83d`, which no Rust string can hold. The
/// replacement character takes its place, escape for escape, so positions stay as they are.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut mended: Option<String> = None;
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        at += step;
        match surrogate(bytes, at) {
            // A low half right after the high one makes a pair.
            Some(0xd800..0xdc00) if matches!(surrogate(bytes, at + 6), Some(0xdc00..0xe000)) => at += 12,
            Some(_) => {
                mended.get_or_insert_with(|| text.to_owned()).replace_range(at..at + 6, "\\ufffd");
                at += 6;
            }
            // Any other escape: its second byte may be a backslash too.
            None => at = (at + 2).min(bytes.len()),
        }
    }
    mended.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The surrogate whose escape begins at `at`.
fn surrogate(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let code = u32::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()?;
    (0xd800..0xe000).contains(&code).then_some(code)
}
