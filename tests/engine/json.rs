//! What the engine writes is JSON, and says what it was given.

use passerby::wire::json::{self, Object};
use proptest::prelude::*;
use serde_json::Value;

use crate::visits::few;

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn what_is_written_reads_back(
        key in "\\PC{0,12}",
        given in ".{0,40}|[\0-\u{1f}\"\\\\]{0,8}",
        number in 0..1_u64 << 53,
    ) {
        let mut out = String::new();
        let mut object = Object::new(&mut out);
        json::string(object.key(&key), &given);
        object.number("a number", number);
        object.flag("a flag", true);
        object.end();
        let read: Value = serde_json::from_str(&out).expect("JSON");
        let spaced: String = given.chars().map(|character| character.max(' ')).collect();
        let spaced = if key == "a number" || key == "a flag" { read[&key].clone() } else { Value::from(spaced) };
        prop_assert_eq!(&read[&key], &spaced);
        prop_assert_eq!(read["a number"].as_u64(), Some(number));
    }

    #[test]
    fn numbers_read_back_up_to_two_to_the_53(number: u64, after in "[^0-9]?") {
        let mut out = String::new();
        json::number(&mut out, number);
        prop_assert_eq!(&out, &number.to_string());
        prop_assert_eq!(json::parse_number(&(out + &after)), number.min(1 << 53));
    }
}

#[test]
fn a_number_without_end_is_bounded() {
    assert_eq!(json::parse_number(&"9".repeat(100_000)), 1 << 53);
    assert_eq!(json::parse_number(""), 0);
    assert_eq!(json::parse_number("-1"), 0);
}
