//! Every option, parsed once; each default with its reason.

use alloc::string::String;
use alloc::vec::Vec;

use super::fold::Rules;
use super::random::hex;
use super::time::{HOUR, MINUTE, SECOND};
use crate::wire::json;

#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub site: String,
    /// Without a collector nothing is queued: the summary works, the network stays untouched.
    pub collector: bool,
    /// The developer's mistake in naming the collector, for `explain()`.
    pub collector_error: String,
    /// One event a line and any 2xx an acknowledgement, instead of native v1.
    pub ndjson: bool,
    pub consent_required: bool,
    /// Nothing is stored: the queue and the identity die with the page.
    pub memory: bool,
    /// 30 min, as GA4, Plausible, Matomo and Snowplow.
    pub session_idle: u64,
    /// 24 h, so that a page left open with media is not one session for ever.
    pub session_max: u64,
    /// 30 s: long enough to read a paragraph, short enough to leave out lunch.
    pub idle_after: u64,
    pub rules: Rules,
    /// Events that make a customer.
    pub customer_when: Vec<String>,
    /// Events that show intent.
    pub potential_when: Vec<String>,
    /// Query parameters that may leave the page, beside `utm_*`.
    pub keep_params: Vec<String>,
    /// A change of the fragment is a soft navigation.
    pub hash: bool,
    /// Hash of all of the above that changes a number.
    pub definition: String,
}

impl Default for Config {
    fn default() -> Config {
        Config::parse("")
    }
}

impl Config {
    /// `key=value` lines; unknown keys are ignored, for a newer page may talk to an older engine.
    pub fn parse(options: &str) -> Config {
        let get = |key: &str| option(options, key);
        let millis = |key, default| match json::parse_number(get(key)) {
            0 => default,
            value => value,
        };
        let names = |key, default| list(if get(key).is_empty() { default } else { get(key) });
        let mut config = Config {
            site: get("site").into(),
            collector: get("collector") == "1",
            collector_error: get("collector_error").into(),
            ndjson: get("format") == "ndjson",
            consent_required: get("consent") == "required",
            memory: get("storage") == "memory",
            session_idle: millis("session_idle_ms", 30 * MINUTE),
            session_max: millis("session_max_ms", 24 * HOUR),
            idle_after: millis("idle_after_ms", 30 * SECOND),
            rules: Rules {
                conversions: names("conversions", "purchase,generate_lead,sign_up"),
                engaged_after: millis("engaged_after_ms", 10 * SECOND),
                bounce_not_engaged: get("bounce_rule") == "not_engaged",
            },
            customer_when: names("customer_when", "purchase,identify"),
            potential_when: names(
                "potential_when",
                "add_to_cart,begin_checkout,add_shipping_info,add_payment_info,generate_lead,sign_up",
            ),
            keep_params: names("keep_params", "ref"),
            hash: get("hash") == "1",
            definition: String::new(),
        };
        config.definition = config.hash_definition();
        config
    }

    fn hash_definition(&self) -> String {
        let mut text = String::new();
        for millis in [self.session_idle, self.session_max, self.idle_after, self.rules.engaged_after] {
            json::number(&mut text, millis);
            text.push(';');
        }
        for flag in [self.rules.bounce_not_engaged, self.hash] {
            text.push(if flag { '1' } else { '0' });
        }
        for names in [&self.rules.conversions, &self.customer_when, &self.potential_when] {
            text.push(';');
            for name in names {
                text.push_str(name);
                text.push(',');
            }
        }
        // FNV-1a: a name for the definition, not a defence.
        let hash = text.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mut out = String::new();
        hex(&mut out, hash);
        out
    }
}

fn option<'a>(options: &'a str, key: &str) -> &'a str {
    let value = |line: &'a str| line.strip_prefix(key)?.strip_prefix('=');
    options.split('\n').find_map(value).unwrap_or("")
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().into()).filter(|name: &String| !name.is_empty()).collect()
}
