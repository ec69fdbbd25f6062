//! Other systems' formats: one visit in each of them, and what delivery makes of their answers.

mod delivery;
mod documents;
mod golden;
mod hostile;
mod outcome;
mod snowplow;
