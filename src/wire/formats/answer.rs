//! What answers mean, as far as the systems agree.

use alloc::vec::Vec;

use super::Outcome;

pub const ALL: Outcome = Outcome::Acknowledged { refused: Vec::new() };

/// 2xx is taken; 413 is too large. 401, 403 and 404 blame a key or an address, which may be mended without us, and
/// 408, 425, 429, 5xx and silence are the moment's. What else a 4xx blames is in the request, for ever.
pub fn by_status(status: u32, _body: &str) -> Outcome {
    match status {
        200..300 => ALL,
        413 => Outcome::Split,
        401 | 403 | 404 | 408 | 425 | 429 => Outcome::Retry,
        400..500 => Outcome::Drop,
        _ => Outcome::Retry,
    }
}
