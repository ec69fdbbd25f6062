//! Which rule made it so: `explain()` as JSON, the rule and the numbers it looked at, in words.

use alloc::string::String;

use super::{Audience, Consent, Engine};
use crate::wire::json::{self, Object};

/// Words with numbers in them: `words!("after ", ms / 1000, " s")`.
struct Words(String);

impl Words {
    fn new(text: &str) -> Words {
        Words(text.into())
    }

    fn text(mut self, text: &str) -> Words {
        self.0.push_str(text);
        self
    }

    fn number(mut self, value: u64) -> Words {
        json::number(&mut self.0, value);
        self
    }
}

impl Engine {
    /// The shape is `Explanation[]` in `src/sdk/types.ts`.
    pub fn explain(&self) -> String {
        let mut out = String::from("[");
        let mut say = |about: &str, is: &str, rule: &str, because: Words| {
            if out.len() > 1 {
                out.push(',');
            }
            let mut object = Object::new(&mut out);
            for (key, text) in [("about", about), ("is", is), ("rule", rule), ("because", &because.0)] {
                json::string(object.key(key), text);
            }
            object.end();
        };
        self.explain_session(&mut say);
        self.explain_audience(&mut say);
        self.explain_delivery(&mut say);
        out.push(']');
        out
    }

    fn explain_session(&self, say: &mut impl FnMut(&str, &str, &str, Words)) {
        let Some(session) = self.session.as_ref().filter(|_| self.view.is_some()) else { return };
        let totals = session.fold.totals(&self.config.rules);
        let yes = |is: bool| if is { "yes" } else { "no" };
        let facts = || {
            Words::new("")
                .number(u64::from(totals.page_depth))
                .text(" page views, ")
                .number(u64::from(totals.conversions))
                .text(" conversions, ")
                .number(totals.engaged_time)
                .text(" ms engaged")
        };
        let rule = match self.config.rules.bounce_not_engaged {
            true => "bounce = not an engaged session",
            false => "bounce = exactly one page view and no conversion",
        };
        say("bounce", yes(totals.bounced), rule, facts());
        let rule = Words::new("engaged = at least ")
            .number(self.config.rules.engaged_after)
            .text(" ms engaged, or 2 page views, or a conversion");
        say("engaged", yes(totals.engaged), &rule.0, facts());
        let rule = Words::new("ends after ")
            .number(self.config.session_idle)
            .text(" ms without activity, or ")
            .number(self.config.session_max)
            .text(" ms");
        let settled = if self.storage.settled { "storage has decided" } else { "provisional until storage answers" };
        say("session", &session.id, &rule.0, Words::new(settled));
        let because = Words::new(&session.touch.source).text(" / ").text(&session.touch.medium);
        say("channel", &session.touch.channel, "utm parameters, else the referrer, at the session's start", because);
    }

    fn explain_audience(&self, say: &mut impl FnMut(&str, &str, &str, Words)) {
        let v = &self.visitor;
        let (rule, names) = match v.audience {
            Audience::User => ("anonymous until one of", &self.config.potential_when),
            Audience::Potential => ("shows intent by one of", &self.config.potential_when),
            Audience::Customer => ("is known or has bought by one of", &self.config.customer_when),
        };
        let mut rule = Words::new(rule).text(":");
        for name in names {
            rule = rule.text(" ").text(name);
        }
        say("audience", v.audience.as_str(), &rule.0, Words::new(if v.reason.is_empty() { "none yet" } else { &v.reason }));
        let because = Words::new("").number(v.sessions).text(" sessions, ").number(v.purchases).text(" purchases");
        say("relationship", self.relationship(), "sessions, purchases and advocacy", because);
    }

    fn explain_delivery(&self, say: &mut impl FnMut(&str, &str, &str, Words)) {
        let consent = match self.consent {
            Consent::Granted => "granted",
            Consent::Pending => "pending",
            Consent::Denied => "denied",
        };
        let why = if self.signal { "the browser asks not to be tracked" } else { "as configured or chosen" };
        say("consent", consent, "nothing is stored or sent unless granted", Words::new(why));
        if !self.config.collector {
            let none = if self.config.collector_error.is_empty() { "no collector is configured" } else { &self.config.collector_error };
            say("delivery", "in-page only", "without a collector there is no network", Words::new(none));
        }
        if let Some(status) = self.delivery.trouble {
            let (is, remedy) = match status {
                0 => ("retrying", "no answer: offline, blocked by CSP connect-src or an extension, or the collector is down"),
                200..300 => ("retrying", "the answer names no batch: data-collector must be a Passerby collector, or use data-format=ndjson"),
                401 | 403 => ("refused", "the collector does not accept this site's origin"),
                404 => ("refused", "there is no collector at this URL: check data-collector"),
                429 | 503 => ("retrying", "the collector asks to wait"),
                _ => ("retrying", "the collector could not take the batch"),
            };
            say("delivery", is, remedy, Words::new("status ").number(u64::from(status)));
        }
        for (reason, events) in &self.delivery.dropped {
            let rule = match *reason {
                "name" => "an event's name is 1 to 128 bytes without control characters",
                "too_large" => "an event is at most 16 KiB",
                "not_json" => "properties are an object that JSON can hold, at most 16 deep",
                "customer_id" => "a customer id is 1 to 128 bytes and no e-mail address",
                "overflow" => "a tab keeps 2,000 events or 2 MiB",
                "expired" => "undelivered events are kept for 7 days",
                "rejected" => "the collector refused them",
                "consent" => "not without consent",
                _ => "the page was not ready",
            };
            say("drop", reason, rule, Words::new("").number(u64::from(*events)).text(" events"));
        }
    }
}
