//! What travels: batch v1, the JSON it is made of, and the limits page and collector share.

pub mod json;
pub mod limits;
pub mod money;
pub mod text;
