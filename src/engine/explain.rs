//! Which rule made it so: `explain()` as JSON, the rule and the numbers it looked at. Terse, for every visitor
//! pays for these words: the summary in the page and the collector say them at length.

use alloc::string::String;

use super::identity::{CHANNEL, REASON};
use super::{Audience, Consent, Engine};
use crate::wire::json::{self, Object};
use crate::wire::text::{Put, owned};

/// What a failed sending says of the collector.
pub fn trouble(status: u32) -> &'static str {
    match status {
        0 => "no answer",
        1 => "never left the page",
        200..300 => "not a Passerby collector? try format ndjson",
        _ => "refused, will be retried",
    }
}

impl Engine {
    /// The shape is `Explanation[]` in `src/sdk/types.ts`.
    #[inline(never)]
    pub fn explain(&self) -> String {
        let mut out = owned("[");
        let mut say = |about: &str, is: &str, rule: &str, because: &str| {
            let mut object = Object::new(json::item(&mut out));
            object.text("about", about);
            object.text("is", is);
            object.text("rule", rule);
            object.text("because", because);
            object.end();
        };
        let yes = |is: bool| if is { "yes" } else { "no" };
        if let (Some(session), Some(_)) = (&self.session, &self.view) {
            let rules = &self.config.rules;
            let totals = session.fold.totals(rules);
            let mut facts = String::new();
            let counts = [
                ("page views ", u64::from(totals.page_depth)),
                (", conversions ", u64::from(totals.conversions)),
                (", engaged ms ", totals.engaged_time),
                (" of ", rules.engaged_after),
            ];
            for (word, count) in &counts {
                facts.put(word);
                json::number(&mut facts, *count);
            }
            let rule = if rules.bounce_not_engaged { "not engaged" } else { "one page view, no conversion" };
            say("bounce", yes(totals.bounced), rule, &facts);
            say("engaged", yes(totals.engaged), "engaged time, 2 page views or a conversion", &facts);
            say(
                "channel",
                &session.known.texts[CHANNEL],
                "utm or referrer at the start",
                &session.known.texts[CHANNEL + 1],
            );
        }
        let v = &self.visitor.known;
        let rule = if v.audience() == Audience::Customer {
            &self.config.customer_when
        } else {
            &self.config.potential_when
        };
        say("audience", v.audience().as_str(), rule, &v.texts[REASON]);
        let consent = match self.consent {
            Consent::Granted => "granted",
            Consent::Pending => "pending",
            Consent::Denied => "denied",
        };
        say("consent", consent, "", if self.signal { "GPC or DNT" } else { "" });
        if !self.bot().is_empty() {
            say("bot", self.bot(), "", "");
        }
        self.explain_delivery(&mut say);
        out.put_byte(b']');
        out
    }

    fn explain_delivery(&self, say: &mut dyn FnMut(&str, &str, &str, &str)) {
        if !self.config.collector {
            say("delivery", "in-page only", "no collector", &self.config.collector_error);
        }
        if let Some(status) = self.delivery.trouble {
            let mut text = String::new();
            json::number(&mut text, u64::from(status));
            say("delivery", "waiting", trouble(status), &text);
        }
        for (reason, events) in &self.delivery.dropped {
            let mut text = String::new();
            json::number(&mut text, u64::from(*events));
            #[cfg(feature = "formats")]
            let rule = if *reason == "rejected" && self.config.foreign.format.is_some() {
                "the collector refused them"
            } else {
                ""
            };
            #[cfg(not(feature = "formats"))]
            let rule = "";
            say("drop", reason, rule, &text);
        }
    }
}
