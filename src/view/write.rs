//! [`Counts`] is an object on the wire, in the order given.

use serde::ser::{Serialize, Serializer};

use super::summary::Counts;

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, count)| (name, count)))
    }
}
