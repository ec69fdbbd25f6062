//! What each system's answers mean.

use passerby::wire::formats::{FORMATS, Outcome, find_format};

fn all() -> Outcome {
    Outcome::Acknowledged { refused: Vec::new() }
}

fn judge(name: &str, status: u32, body: &str) -> Outcome {
    find_format(name).unwrap_or_else(|| panic!("no format {name}")).outcome(status, body)
}

#[test]
fn silence_and_trouble_are_never_the_end_of_an_event() {
    for format in FORMATS {
        for status in [0, 301, 408, 429, 500, 502, 503, 504, 599] {
            assert_eq!(format.outcome(status, ""), Outcome::Retry, "{} {status}", format.name);
        }
    }
}

#[test]
fn posthog_takes_drops_and_splits() {
    assert_eq!(judge("posthog", 200, "{\"status\":1}"), all());
    assert_eq!(judge("posthog", 200, "{\"status\":\"Ok\"}"), all());
    assert_eq!(judge("posthog", 400, "{\"code\":\"missing_distinct_id\"}"), Outcome::Drop);
    assert_eq!(judge("posthog", 401, ""), Outcome::Retry);
    assert_eq!(judge("posthog", 413, ""), Outcome::Split);
}
