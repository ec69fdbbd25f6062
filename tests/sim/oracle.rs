//! What a person's visit comes to, worked out from what the person did: the definitions in plain words, and
//! nothing of the engine. One `Person` is one browser: its documents share the visitor and the session.

use std::collections::HashMap;

const IDLE: u64 = 30 * 60_000;
const DAY: u64 = 24 * 3_600_000;
const ATTENTION: u64 = 30_000;
/// Clocks that part by more have slept or were set.
const APART: u64 = 2_000;
/// Until one tab knows what another has just done.
const HEARD: u64 = 100;
/// Media without any sign of the page for so long: the device slept.
pub const SILENT: u64 = 120_000;

/// Both clocks of the device.
#[derive(Clone, Copy, Debug, Default)]
pub struct At {
    pub mono: u64,
    pub wall: u64,
    /// Milliseconds that nobody slept.
    pub awake: u64,
}

impl At {
    /// The larger of the two advances; a wall clock that went back advanced by nothing.
    fn since(self, from: At) -> u64 {
        self.mono.saturating_sub(from.mono).max(self.wall.saturating_sub(from.wall))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    #[default]
    User,
    Potential,
    Customer,
}

impl Audience {
    /// What somebody is who does this.
    pub fn shown(name: &str) -> Audience {
        match name {
            "purchase" | "identify" => Audience::Customer,
            "add_to_cart" | "sign_up" => Audience::Potential,
            _ => Audience::User,
        }
    }
}

#[derive(Debug)]
pub struct Session {
    pub began: At,
    pub active: At,
    /// Before the session, and in the end.
    pub audience: [Audience; 2],
}

#[derive(Debug)]
pub struct View {
    pub url: String,
    pub session: usize,
    pub engaged: u64,
    began: u64,
    /// So much less may have been earned: a soft navigation's arrival is known a frame later.
    pub frame: u64,
}

/// An event the site reported, by the number it carries.
#[derive(Debug)]
pub struct Told {
    pub document: usize,
    pub session: usize,
    pub name: &'static str,
    /// Another tab had begun the session just now: this one may not have heard.
    pub unsure: bool,
    /// It was said while the visitor had not agreed, or had said no.
    pub allowed: Consent,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consent {
    #[default]
    Given,
    Asked,
    Denied,
}

#[derive(Debug, Default)]
pub struct Document {
    pub views: Vec<View>,
    pub consent: Consent,
    visible: bool,
    focused: bool,
    pub playing: bool,
    /// Media has played in it.
    pub played: bool,
    /// The open view was seen.
    arrived: bool,
    input: Option<u64>,
    last: At,
    zero: At,
    /// What the wall clock said last.
    said: u64,
}

#[derive(Debug, Default)]
pub struct Person {
    pub documents: Vec<Document>,
    pub sessions: Vec<Session>,
    pub told: HashMap<u64, Told>,
    session: Option<usize>,
    audience: Audience,
    customer: String,
}

impl Document {
    /// Its clocks have parted, or nothing was heard while media played.
    fn has_slept(&self, at: At) -> bool {
        let (mono, wall) = (at.mono as i64 - self.zero.mono as i64, at.wall as i64 - self.zero.wall as i64);
        (self.playing && at.mono - self.last.mono > SILENT) || (mono - wall).unsigned_abs() > APART
    }
}

impl Person {
    pub fn open(&mut self, at: At, consent: Consent) -> usize {
        self.documents.push(Document { last: at, zero: at, said: at.wall, consent, ..Document::default() });
        self.documents.len() - 1
    }

    /// The document hears of something: the time since the last such moment is settled.
    pub fn stamp(&mut self, document: usize, at: At) {
        let page = &mut self.documents[document];
        let mut at = at;
        if at.wall.abs_diff(std::mem::replace(&mut page.said, at.wall)) < 2 {
            // A clock that stands still, or was set back to what it said last: nobody can tell.
            at.wall = page.last.wall + (at.mono - page.last.mono);
        }
        let span = at.mono - page.last.mono;
        let slept = page.has_slept(at);
        let (from, input) = (page.last.mono, page.input.take());
        page.last = at;
        if slept {
            page.zero = at;
        } else {
            page.input = input;
            let attentive = if page.playing {
                span
            } else {
                (input.map_or(0, |input| input + ATTENTION)).min(at.mono).saturating_sub(from)
            };
            let earning = page.visible && page.focused;
            if let Some(view) =
                page.views.last_mut().filter(|view| earning && Some(view.session) == self.session)
            {
                view.engaged += attentive;
            }
        }
        self.watch(document, at);
    }

    /// Media that plays in sight is activity.
    fn watch(&mut self, document: usize, at: At) {
        if self.documents[document].playing && self.documents[document].visible {
            self.activity(document, at);
        }
    }

    fn is_over(&self, at: At) -> bool {
        self.session.is_none_or(|session| {
            let session = &self.sessions[session];
            at.since(session.active) >= IDLE || at.since(session.began) >= DAY
        })
    }

    /// A page view: of a load, a soft navigation, a return, or on demand.
    pub fn view(&mut self, document: usize, url: &str, at: At) {
        if self.is_over(at) {
            // What was earned up to now was earned in the session that has ended.
            for other in 0..self.documents.len() {
                let page = &self.documents[other];
                // Of clocks that were set it hears by itself, a moment later.
                if page.visible && page.last.mono < at.mono && !page.has_slept(at) {
                    self.stamp(other, at);
                }
            }
        }
        if self.is_over(at) {
            let audience = [self.audience; 2];
            self.sessions.push(Session { began: at, active: at, audience });
            self.session = Some(self.sessions.len() - 1);
        }
        let session = self.session.expect("a session lives");
        let page = &mut self.documents[document];
        page.views.push(View { url: url.into(), session, engaged: 0, began: at.mono, frame: 0 });
        page.arrived = page.visible;
        if page.visible {
            page.input = Some(at.mono);
            self.sessions[session].active = at;
        }
    }

    /// The title of a soft navigation is read.
    pub fn titled(&mut self, document: usize, at: At) {
        if let Some(view) = self.documents[document].views.last_mut() {
            view.frame = at.mono - view.began;
        }
    }

    fn activity(&mut self, document: usize, at: At) {
        let over = self.is_over(at);
        let Some(view) = self.documents[document].views.last() else { return };
        if over || Some(view.session) != self.session {
            let url = view.url.clone();
            self.view(document, &url, at);
        } else {
            let page = &mut self.documents[document];
            page.arrived |= page.visible;
            self.sessions[self.session.expect("a session lives")].active = at;
        }
    }

    pub fn active(&mut self, document: usize, at: At) {
        if self.documents[document].visible {
            self.documents[document].input = Some(at.mono);
            self.activity(document, at);
        }
    }

    pub fn visible(&mut self, document: usize, on: bool, at: At) {
        let page = &mut self.documents[document];
        page.visible = on;
        if on && !page.views.is_empty() && !page.arrived {
            self.active(document, at);
        }
        self.watch(document, at);
    }

    /// Closed or killed.
    pub fn gone(&mut self, document: usize) {
        self.documents[document].visible = false;
    }

    pub fn focused(&mut self, document: usize, on: bool) {
        self.documents[document].focused = on;
    }

    pub fn playing(&mut self, document: usize, on: bool, at: At) {
        self.documents[document].playing = on;
        self.documents[document].played |= on;
        self.watch(document, at);
    }

    pub fn track(&mut self, document: usize, number: u64, name: &'static str, at: At) {
        if matches!(name, "purchase" | "identify") {
            self.activity(document, at);
        }
        let Some(session) = self.session else { return };
        let allowed = self.documents[document].consent;
        let unsure = at.awake - self.sessions[session].began.awake < HEARD;
        self.told.insert(number, Told { document, session, name, unsure, allowed });
        self.audience = self.audience.max(Audience::shown(name));
        let [_, now] = &mut self.sessions[session].audience;
        *now = (*now).max(self.audience);
    }

    /// Log-out: a new visitor, on the same page.
    pub fn reset(&mut self, document: usize, at: At) {
        (self.session, self.audience) = (None, Audience::User);
        self.customer.clear();
        let url = self.documents[document].views.last().map_or(String::new(), |view| view.url.clone());
        self.view(document, &url, at);
    }

    /// Whether somebody else has logged in.
    pub fn identify(&mut self, document: usize, number: u64, customer: &str, at: At) -> bool {
        let other = !self.customer.is_empty() && self.customer != customer;
        if other {
            self.reset(document, at);
        }
        self.customer = customer.into();
        self.track(document, number, "identify", at);
        other
    }

    /// The last activity in any tab, as long as a session could live on.
    pub fn quiet(&self, at: At) -> u64 {
        self.session.map_or(u64::MAX, |session| at.since(self.sessions[session].active))
    }
}
