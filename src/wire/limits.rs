//! Limits that page and collector share. The build hands the ones the snapshot of hostile values needs
//! to TypeScript from this file, so that each number is written once.

/// Bytes of one event as JSON.
pub const EVENT_BYTES: usize = 16 * 1024;
/// Own properties of one event.
pub const PROPERTIES: usize = 64;
/// Nesting of a property's value.
pub const DEPTH: usize = 16;
/// Bytes of one string.
pub const STRING_BYTES: usize = 8 * 1024;
/// Bytes of an event's name.
pub const NAME_BYTES: usize = 128;
/// Events in one batch.
pub const BATCH_EVENTS: usize = 500;
/// Bytes of one batch as sent.
pub const BATCH_BYTES: usize = 64 * 1024;
/// Bytes of one batch once inflated.
pub const INFLATED_BYTES: usize = 1024 * 1024;
/// Events a tab keeps in memory.
pub const QUEUE_EVENTS: usize = 2_000;
/// Bytes a tab keeps in memory.
pub const QUEUE_BYTES: usize = 2 * 1024 * 1024;
/// Age at which an undelivered batch is dropped.
pub const QUEUE_AGE_MS: u64 = 7 * 24 * 3_600_000;
