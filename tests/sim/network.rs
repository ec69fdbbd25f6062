//! The way to the collector and back: what is lost, late, doubled or out of order, and what answers.

use std::rc::Rc;

use passerby::engine::Input;

use crate::coverage::Fault;
use crate::device::Life;
use crate::oracle::Consent;
use crate::world::{Due, World};

/// How long the host waits for an answer.
const ANSWER: u64 = 30_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Fair,
    /// Requests and replies go missing.
    Lossy,
    /// Neither is quick.
    Slow,
    Down,
    Erring,
    Busy,
    Forbidden,
    Portal,
    /// Something in between takes only small bodies.
    Narrow,
    /// The collector is killed again and again.
    Dying,
    /// Something in between refuses events by name.
    Strict,
}

const WEATHERS: [(u64, Weather); 11] = [
    (40, Weather::Fair),
    (20, Weather::Lossy),
    (10, Weather::Slow),
    (6, Weather::Down),
    (8, Weather::Erring),
    (6, Weather::Busy),
    (3, Weather::Forbidden),
    (3, Weather::Portal),
    (6, Weather::Narrow),
    (8, Weather::Dying),
    (4, Weather::Strict),
];

impl World {
    pub fn change_weather(&mut self) {
        self.weather = if self.healed { Weather::Fair } else { self.draw.weighed(&WEATHERS) };
        let lasts = self.draw.weighed(&[(4, 20_000), (4, 300_000), (2, 3_000_000), (1, 40_000_000)]);
        let lasts = self.draw.below(lasts) + 1;
        self.plan(lasts, Due::Weather);
    }

    /// The page hands a body to the network.
    pub fn post(&mut self, document: usize, batch: u32, body: &str) {
        let page = &self.documents[document];
        let browser = page.browser;
        let consent = self.browsers[browser].person.documents[page.page].consent;
        if consent != Consent::Given {
            self.problems.push(format!("document {document} sent without consent: {body}"));
        }
        if page.life == Life::Gone {
            self.problems.push(format!("document {document} sent after its end: {body}"));
        }
        self.hear(document, body);
        if self.twice {
            self.strike(document, Fault::Twice);
            self.enter(document, batch, body);
        }
        let ended = |status| {
            let (body, retry_after) = (String::new(), String::new());
            Due::Reply { document, batch, status, body, retry_after }
        };
        let nothing = |after| (after, ended(0));
        let (offline, signal) = (self.browsers[browser].offline, self.browsers[browser].signal);
        if signal || (offline && self.twice) || (!self.healed && self.draw.chance(10)) {
            self.strike(document, Fault::NeverLeft);
            return self.plan(0, ended(1));
        }
        if offline {
            self.strike(document, Fault::Offline);
            let (after, due) = nothing(self.draw.below(50));
            return self.plan(after, due);
        }
        let (lost, mute, slow) = match self.weather {
            _ if self.healed => (0, 0, 20),
            Weather::Down => (1000, 0, 100),
            Weather::Lossy => (250, 250, 1_000),
            Weather::Slow => (20, 20, 40_000),
            _ => (5, 5, 400),
        };
        if self.draw.chance(lost) {
            self.strike(document, Fault::RequestLost);
            let after = if self.draw.chance(500) { self.draw.below(2_000) } else { ANSWER };
            let (after, due) = nothing(after);
            return self.plan(after, due);
        }
        let there = self.draw.below(slow) + 1;
        let back = self.draw.below(slow) + 1;
        if there + back > 2_000 {
            self.strike(document, Fault::Delayed);
        }
        let answered = !self.draw.chance(mute) && there + back < ANSWER;
        if !answered {
            let late = there + back >= ANSWER;
            self.strike(document, if late { Fault::TimedOut } else { Fault::ReplyLost });
            let reset = !late && self.draw.chance(500);
            let (after, due) = nothing(if reset { there + back } else { ANSWER });
            self.plan(after, due);
        }
        let body: Rc<str> = body.into();
        let again = Due::Arrive { document, batch, sent: self.now, body: body.clone(), answer: None };
        let sent = self.now;
        self.plan(there, Due::Arrive { document, batch, sent, body, answer: answered.then_some(back) });
        if !self.healed && self.draw.chance(30) {
            self.strike(document, Fault::Doubled);
            let much_later = self.draw.chance(300);
            if much_later {
                self.strike(document, Fault::Reordered);
            }
            let after = there + self.draw.below(if much_later { 900_000 } else { 300 });
            self.plan(after, again);
        }
    }

    /// The body is there.
    pub fn arrive(&mut self, document: usize, batch: u32, sent: u64, body: &str, answer: Option<u64>) {
        let (status, text, retry_after) = self.serve(document, body);
        let Some(back) = answer else { return };
        // A collector that dies resets the connection.
        let after = back.min((sent + ANSWER).saturating_sub(self.now));
        self.plan(after, Due::Reply { document, batch, status, body: text, retry_after });
    }

    fn serve(&mut self, document: usize, body: &str) -> (u32, String, String) {
        let plain = |status| (status, String::new(), String::new());
        match self.weather {
            Weather::Erring if self.draw.chance(700) => {
                self.strike(document, Fault::ServerError);
                return plain(self.draw.pick(&[500, 502, 503, 504]));
            }
            Weather::Busy if self.draw.chance(700) => {
                self.strike(document, Fault::TooMany);
                let retry_after =
                    self.draw.pick(&["", "1", "7", "120", "Wed, 21 Oct 2026 07:28:00 GMT", "soon", "-5"]);
                return (429, String::new(), retry_after.into());
            }
            Weather::Forbidden => {
                self.strike(document, Fault::Refused);
                return plain(self.draw.pick(&[401, 403, 404]));
            }
            Weather::Portal => {
                self.strike(document, Fault::Portal);
                return (200, "<html>Welcome to FreeWifi</html>".into(), String::new());
            }
            Weather::Narrow if body.len() > 4_096 => {
                self.strike(document, Fault::TooLarge);
                return plain(413);
            }
            Weather::Strict if self.draw.chance(500) => {
                self.strike(document, Fault::Named);
                return (self.draw.pick(&[400, 422]), self.refusal(body), String::new());
            }
            Weather::Dying if self.draw.chance(300) => {
                self.strike(document, Fault::KilledBefore);
                return plain(0);
            }
            _ => {}
        }
        let posted =
            if self.twice { self.server.post_lines(body) } else { self.server.post(body.as_bytes()) };
        match posted {
            Ok(_) if self.weather == Weather::Dying && self.draw.chance(400) => {
                self.strike(document, Fault::KilledAfter);
                plain(0)
            }
            Ok(receipt) => {
                if !receipt.rejected.is_empty() {
                    self.strike(document, Fault::Poison);
                }
                (200, receipt.json().to_string(), String::new())
            }
            Err(refusal) => {
                self.problems.push(format!("the collector refused what the page sent: {refusal:?}\n{body}"));
                (refusal.status.into(), refusal.json().to_string(), String::new())
            }
        }
    }

    /// Names one or two events, or none.
    fn refusal(&mut self, body: &str) -> String {
        let seqs: Vec<&str> =
            body.split("{\"seq\":").skip(1).filter_map(|rest| rest.split(',').next()).collect();
        let named: Vec<_> = (0..self.draw.below(3)).map(|_| self.draw.pick(&seqs)).collect();
        let named: Vec<_> =
            named.iter().map(|seq| format!("{{\"seq\":{seq},\"reason\":\"strict\"}}")).collect();
        format!("{{\"rejected\":[{}]}}", named.join(","))
    }

    /// What a page that is killed has left with the browser.
    pub fn twin(&mut self, document: usize) {
        let body = self.documents[document].engine.frozen();
        let browser = &self.browsers[self.documents[document].browser];
        let held = browser.offline || browser.signal || self.documents[document].life != Life::Open;
        if !body.is_empty() && !held && self.draw.chance(500) {
            self.strike(document, Fault::Twin);
            let there = self.draw.below(2_000);
            let sent = self.now;
            self.plan(there, Due::Arrive { document, batch: 0, sent, body: body.into(), answer: None });
        }
    }

    /// The answer is there, or the host has given it up.
    pub fn reply(&mut self, document: usize, batch: u32, status: u32, body: String, retry_after: String) {
        if self.documents[document].life == Life::Open {
            self.answered(document, batch, status);
        }
        match self.documents[document].life {
            Life::Gone | Life::Prerendered => {}
            Life::Frozen => self.documents[document].held.push((batch, status, body, retry_after)),
            Life::Open => {
                self.feed(document, Input::Sent { batch, status, body: &body, retry_after: &retry_after });
            }
        }
    }

    /// The first thing a document says names its engine.
    fn hear(&mut self, document: usize, body: &str) {
        let named = body.find("\"batch\":\"").map(|at| &body[at + 9..at + 41]);
        self.name(document, named.unwrap_or_default());
    }

    pub fn name(&mut self, document: usize, load: &str) {
        let page = &mut self.documents[document];
        if page.load.is_empty() {
            page.load = load.into();
        }
    }
}
