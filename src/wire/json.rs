//! Just enough JSON: writing without serde, and one bounded walk over text from outside.
