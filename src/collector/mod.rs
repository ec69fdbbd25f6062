//! The collector: beacons in, sessions out. Native only.
//!
//! ```text
//!   bytes ─► unpack ─► decode ─► Batch ─► writer ─► store ─► fold ─► session rows ─► report ─► dashboard
//!            └──────── ingest ────────┘   (group    (SQLite) (engine's own code)             └► summary
//!                 pure: no I/O             commit)
//! ```
//!
//! | module              | what it owns                                                             |
//! |---------------------|--------------------------------------------------------------------------|
//! | `ingest`            | the batch, and the three answers: receipt, rejected event, refusal       |
//! | `unpack`            | gzip and UTF-8, with a bound                                              |
//! | `reader`, `decode`  | wire v1 from JSON; each complaint names field and position                |
//! | `line`              | what else than a batch a line of a log may be                             |
//! | `clock`             | devices whose clock cannot be right                                       |
//! | `crawlers`          | browsers that say of themselves that no person drives them                |
//! | `props`, `facts`    | properties as text; what an event says to the fold                        |
//! | `store`             | one transaction for events, uniqueness, session rows and drop counts      |
//! | `channel`           | where a session came from, by the long list of sites                     |
//! | `commerce`          | what happens to carts and orders; carts                                   |
//! | `trade`             | orders, money, refunds                                                    |
//! | `names`             | who a visitor is, over all sessions                                       |
//! | `writer`            | one thread that writes; many requests share one commit                    |
//! | `report`, `table`   | totals for users, customers and together; as JSON and as text             |
//! | `visitors`          | their engagement scores and segments                                     |
//! | `forward`           | events on to other systems, each at its own pace                          |
//! | `http`              | who may send and read; the server                                         |
//! | `cli`               | the commands                                                              |
//!
//! Invariants, each with tests in `tests/collector/`: a reply follows the commit, never precedes it; an event
//! is stored once per (site, load, seq), however often it comes; a session's row depends on the set of its
//! events, not on their order; nothing of a refused batch is stored.

pub mod channel;
pub mod cli;
mod clock;
pub mod commerce;
mod crawlers;
pub mod decode;
pub mod facts;
pub mod forward;
pub mod http;
pub mod ingest;
mod line;
mod log;
mod names;
mod props;
mod reader;
pub mod report;
pub mod session;
pub mod store;
pub mod table;
pub mod text;
pub mod trade;
mod unpack;
pub mod visitors;
pub mod writer;
