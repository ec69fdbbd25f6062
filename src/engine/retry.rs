//! How long to wait after an answer that was none. Pure: the jitter is an argument.

use super::random::Random;
use super::time::{HOUR, MINUTE, SECOND};

/// Full jitter over an exponential ceiling. A refusal (401, 403, 404) will not mend itself in seconds, so it
/// is asked again slowly, at most hourly after the tenth try.
pub fn delay(attempts: u32, status: u32, retry_after: u64, random: &mut Random) -> u64 {
    let (first, ceiling) = match status {
        401 | 403 | 404 => (30 * SECOND, HOUR),
        _ => (SECOND, 5 * MINUTE),
    };
    let grown = if attempts >= 10 { ceiling } else { (first << attempts).min(ceiling) };
    // Half of it is fixed, so that a burst of failures never becomes a burst of requests.
    let jittered = grown / 2 + random.below(grown / 2 + 1);
    jittered.max((retry_after * SECOND).min(HOUR))
}
