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
        for status in [0, 301, 401, 403, 404, 429, 502, 503, 504] {
            assert_eq!(format.outcome(status, ""), Outcome::Retry, "{} {status}", format.name);
        }
        // OTLP alone says that other errors must not be sent again.
        let spent = if format.name == "otlp" { Outcome::Drop } else { Outcome::Retry };
        for status in [408, 500, 501, 599] {
            assert_eq!(format.outcome(status, ""), spent, "{} {status}", format.name);
        }
        assert_eq!(format.outcome(413, ""), Outcome::Split, "{}", format.name);
        assert_eq!(format.outcome(422, ""), Outcome::Drop, "{}", format.name);
    }
}

#[test]
fn a_plain_yes_is_one() {
    let yes = [
        ("segment", 200, "{\"success\":true}"),
        ("rudderstack", 200, "\"OK\""),
        ("posthog", 200, "{\"status\":1}"),
        ("snowplow", 200, "ok"),
        ("matomo", 200, "{\"status\":\"success\",\"tracked\":4,\"invalid\":0}"),
        ("matomo", 204, ""),
        ("plausible", 202, "ok"),
        ("umami", 200, "{\"size\":2,\"processed\":2,\"errors\":0,\"details\":[],\"cache\":\"x\"}"),
        ("umami-single", 200, "{\"cache\":\"x\",\"sessionId\":\"a\",\"visitId\":\"b\"}"),
        ("amplitude", 200, "{\"code\":200,\"events_ingested\":50}"),
        ("mixpanel", 200, "1"),
        ("mixpanel", 200, "{\"status\": 1, \"error\": null}\n"),
        ("ga4", 204, ""),
        ("cloudevents", 202, ""),
        ("otlp", 200, "{}"),
        ("otlp", 200, "{\"partialSuccess\":{\"errorMessage\":\"a warning\"}}"),
        ("clickhouse", 200, ""),
    ];
    for (name, status, body) in yes {
        assert_eq!(judge(name, status, body), all(), "{name} {status} {body}");
    }
    let said: std::collections::HashSet<_> = yes.iter().map(|(name, ..)| *name).collect();
    assert_eq!(said.len(), FORMATS.len(), "every format has one");
}

#[test]
fn what_is_refused_within_a_yes_is_known_by_position_or_at_least_by_count() {
    let refused = |at: &[usize]| Outcome::Acknowledged { refused: at.to_vec() };
    let batch =
        "{\"size\":3,\"processed\":1,\"errors\":2,\"details\":[{\"index\":0,\"response\":{}},{\"index\":2}]}";
    assert_eq!(judge("umami", 200, batch), refused(&[0, 2]));
    assert_eq!(judge("umami-single", 200, "{\"beep\":\"boop\"}"), refused(&[0]));
    let some = "{\"status\":\"success\",\"tracked\":1,\"invalid\":2";
    assert_eq!(judge("matomo", 200, &format!("{some}}}")), refused(&[0, 1]));
    assert_eq!(judge("matomo", 200, &format!("{some},\"invalid_indices\":[1,3]}}")), refused(&[1, 3]));
    let partial = "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"x\"}}";
    assert_eq!(judge("otlp", 200, partial), refused(&[0, 1]));
}

#[test]
fn a_refusal_that_names_events_is_one_of_these_only() {
    let body = "{\"code\":400,\"events_with_invalid_fields\":{\"time\":[3,1]},\
                \"events_with_missing_fields\":{\"event_type\":[3]},\"silenced_events\":[0]}";
    assert_eq!(judge("amplitude", 400, body), Outcome::Without(vec![3, 1, 0]));
}

#[test]
fn what_is_no_fault_of_the_events_is_waited_for() {
    let missing = "{\"error\":{\"message\":\"Website not found.\"}}";
    assert_eq!(judge("umami", 400, missing), Outcome::Retry);
    assert_eq!(judge("umami", 400, "{\"error\":{}}"), Outcome::Drop);
    // A source that is switched off, and a captive portal.
    assert_eq!(judge("rudderstack", 404, "source is disabled"), Outcome::Retry);
    assert_eq!(judge("mixpanel", 200, "<html>Welcome to FreeWifi</html>"), Outcome::Retry);
    assert_eq!(judge("mixpanel", 200, "0"), Outcome::Retry);
    assert_eq!(
        judge("mixpanel", 200, "{\"status\":0,\"error\":\"token, missing or empty\"}"),
        Outcome::Retry
    );
    assert_eq!(judge("mixpanel", 400, "{\"status\":0}"), Outcome::Retry);
    assert_eq!(judge("amplitude", 400, "{\"code\":400,\"error\":\"Invalid API key: k\"}"), Outcome::Retry);
    assert_eq!(judge("matomo", 200, "{\"status\":\"error\"}"), Outcome::Drop);
}

#[test]
fn a_web_page_is_nobodys_answer() {
    for format in FORMATS {
        for status in [200, 202, 204, 400, 422, 500] {
            let page = format.outcome(status, "\n <!doctype html><title>Sign in</title>");
            assert_eq!(page, Outcome::Retry, "{} {status}", format.name);
        }
        let too_large = "<html><h1>413 Request Entity Too Large</h1></html>";
        assert_eq!(format.outcome(413, too_large), Outcome::Split, "{}", format.name);
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
