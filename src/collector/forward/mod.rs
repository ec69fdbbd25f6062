//! Forwarding: what has arrived goes on to other systems, each in its own format and at its own pace.
//!
//! | file          | is                                                                  |
//! |---------------|---------------------------------------------------------------------|
//! | `destination` | where to, as whom; one request and what its answer means            |
//! | `cursor`      | how far each destination is, on disk                                |
//! | `courier`     | one destination's way through the arrivals: several at once, halving, dropping, waiting |
//!
//! Each destination has a thread of its own, so one that is down delays nobody, least of all a page: `serve` answers
//! before anything is forwarded, and does not know of it.

mod courier;
mod cursor;
mod destination;

pub use courier::{Courier, Step};
pub use cursor::{Cursor, Cursors};
pub use destination::Destination;
