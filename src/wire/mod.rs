//! What travels: batch v1, the JSON it is made of, the limits page and collector share, and other systems' formats.

pub mod formats;
pub mod json;
pub mod limits;
pub mod money;
pub mod read;
pub mod text;
