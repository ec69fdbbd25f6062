//! Every option, parsed once; each default with its reason.

use alloc::string::String;

use super::fold::Rules;
use super::random::hex;
use super::time::{HOUR, MINUTE, SECOND};
use crate::wire::json;
use crate::wire::text::{Parts, Put, cut, owned};

#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub site: String,
    /// Without a collector nothing is queued: the summary works, the network stays untouched.
    pub collector: bool,
    /// The developer's mistake in naming it, for `explain()`.
    pub collector_error: String,
    /// One event a line, instead of native v1.
    pub ndjson: bool,
    /// Any 2xx is an acknowledgement: the collector is not one of ours and names no batch.
    pub any_2xx: bool,
    /// The collector stores what comes twice as two: nothing is sent to it that it may have.
    pub once: bool,
    /// Another system's format, and as whom; only in builds that carry them.
    #[cfg(feature = "formats")]
    pub foreign: super::foreign::Foreign,
    /// Each event is shown to the site first.
    pub before_send: bool,
    /// The site tests itself: told apart from people, and from bots.
    pub test: bool,
    pub consent_required: bool,
    /// Nothing is stored: the queue and the identity die with the page.
    pub memory: bool,
    /// The identity is the tab's own: it stays in the hint, which the host keeps for that tab alone.
    pub tab: bool,
    /// 30 min, as GA4, Plausible, Matomo and Snowplow.
    pub session_idle: u64,
    /// 24 h, so that a page left open with media is not one session for ever.
    pub session_max: u64,
    /// 30 s: long enough to read a paragraph, short enough to leave out lunch.
    pub idle_after: u64,
    pub rules: Rules,
    /// Rules that make a customer, and rules that show intent.
    pub customer_when: String,
    pub potential_when: String,
    /// Query parameters that may leave the page, beside `utm_*`.
    pub keep_params: String,
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
    #[inline(never)]
    pub fn parse(options: &str) -> Config {
        let mut config = Config {
            site: String::new(),
            collector: false,
            collector_error: String::new(),
            ndjson: false,
            any_2xx: false,
            once: false,
            #[cfg(feature = "formats")]
            foreign: Default::default(),
            before_send: false,
            test: false,
            consent_required: false,
            memory: false,
            tab: false,
            session_idle: 30 * MINUTE,
            session_max: 24 * HOUR,
            idle_after: 30 * SECOND,
            rules: Rules::default(),
            customer_when: owned("purchase,identify"),
            potential_when: owned(
                "add_to_cart,begin_checkout,add_shipping_info,add_payment_info,generate_lead,sign_up",
            ),
            keep_params: owned("ref"),
            hash: false,
            definition: String::new(),
        };
        for line in Parts(options, b'\n') {
            let (key, value) = cut(line, b'=');
            if !value.is_empty() {
                config.set(key, value);
                #[cfg(feature = "formats")]
                config.foreign.set(key, value);
            }
        }
        config.definition = config.hash_definition();
        config.once = config.any_2xx;
        #[cfg(feature = "formats")]
        if let Some(format) = config.foreign.format {
            config.once = !format.deduplicates;
        }
        #[cfg(feature = "formats")]
        if !config.foreign.mistake().is_empty() {
            config.collector = false;
            config.collector_error.set(config.foreign.mistake());
        }
        config
    }

    #[inline(never)]
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "site" => self.site.set(value),
            "collector" => self.collector = value == "1",
            "collectorError" => self.collector_error.set(value),
            "format" => {
                self.ndjson = value == "ndjson";
                self.any_2xx |= self.ndjson;
            }
            "transform" => self.any_2xx = true,
            "beforeSend" => self.before_send = true,
            "test" => self.test = true,
            "consent" => self.consent_required = value != "granted",
            "storage" => {
                self.tab = value == "session";
                self.memory = !self.tab && value != "persistent";
            }
            "sessionIdleMs" => millis(&mut self.session_idle, value),
            "sessionMaxMs" => millis(&mut self.session_max, value),
            "idleAfterMs" => millis(&mut self.idle_after, value),
            "engagedAfterMs" => millis(&mut self.rules.engaged_after, value),
            "bounceRule" => self.rules.bounce_not_engaged = value == "not_engaged",
            "conversions" => self.rules.conversions.set(value),
            "customerWhen" => self.customer_when.set(value),
            "potentialWhen" => self.potential_when.set(value),
            "keepParams" => self.keep_params.set(value),
            "hash" => self.hash = true,
            _ => {}
        }
    }

    fn hash_definition(&self) -> String {
        let mut hash = FNV;
        let mut eat = |bytes: &[u8]| hash = fnv(hash, bytes);
        let flags = u64::from(self.rules.bounce_not_engaged) * 2 + u64::from(self.hash);
        for number in &[self.session_idle, self.session_max, self.idle_after, self.rules.engaged_after, flags]
        {
            eat(&number.to_le_bytes());
        }
        for names in &[&self.rules.conversions, &self.customer_when, &self.potential_when] {
            eat(names.as_bytes());
            eat(b";");
        }
        let mut text = String::new();
        hex(&mut text, hash);
        text
    }
}

/// FNV-1a: a name for a text, not a defence. It begins with this.
pub const FNV: u32 = 0x811C_9DC5;

#[inline(never)]
pub fn fnv(mut hash: u32, bytes: &[u8]) -> u32 {
    for byte in bytes {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

/// What is no number leaves the default: a session that ends at once would be worse than a misspelt option.
#[inline(never)]
fn millis(option: &mut u64, value: &str) {
    match json::parse_number(value) {
        0 => {}
        number => *option = number,
    }
}
