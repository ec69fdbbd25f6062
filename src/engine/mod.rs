//! The engine: a pure state machine. One [`Input`] in, every [`Output`] out.
//!
//! Read down the list and follow a fact: it arrives as an `Input`, `clock` settles the time that has passed,
//! `visit` keeps page views and sessions, `track` what the site reports, both `record` events into the `queue`,
//! and `delivery` turns the queue into `Output`s.

mod audience;
pub mod channel;
mod clock;
mod config;
mod delivery;
mod engagement;
mod explain;
pub mod fold;
#[cfg(feature = "formats")]
mod foreign;
mod identity;
mod input;
mod navigation;
mod output;
mod page;
mod queue;
mod random;
mod record;
pub mod redact;
mod retry;
mod review;
pub mod rules;
mod storage;
mod summary;
mod time;
mod track;
pub mod url;
mod visit;
mod weigh;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

pub use audience::{Audience, Stage};
pub use config::Config;
pub use input::{Cause, Choice, Input};
pub use output::{Effect, Kind, Output, Topic};
pub use time::Stamp;

use crate::wire::text::{Parts, cut, has};
use clock::Timeline;
use delivery::Delivery;
use engagement::Presence;
use identity::Life;
use output::Effects;
use page::{Navigation, View};
use queue::{Drops, Queue};
use random::Random;
use storage::Storage;

/// What gives away a program, and what it is called.
const BOTS: &str = "webdriver webdriver,Headless headless,Prerender prerender";

/// Whether anything may be kept and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consent {
    Granted,
    /// Asked for and not answered: in memory until it is.
    Pending,
    Denied,
}

/// All state of one document's tracker.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    /// The site's `beforeSend`, see `review`. Without one that was announced, nothing may be sent.
    pub before_send: fn(&str) -> String,
    /// This instance, for ever: 128 bits, never restored.
    load: String,
    random: Random,
    now: Stamp,
    /// What the wall clock said last.
    said: u64,
    timeline: Timeline,
    consent: Consent,
    /// Global Privacy Control or Do Not Track.
    signal: bool,
    device: &'static str,
    /// Why this is no person; empty if it may be one.
    bot: &'static str,
    /// Somebody could see this document at least once.
    seen: bool,
    language: String,
    visitor: Box<Life>,
    session: Option<Box<Life>>,
    /// The session before, if this document ended it.
    ended: String,
    view: Option<Box<View>>,
    navigation: Option<Box<Navigation>>,
    /// Page views of this document so far.
    views: u32,
    presence: Presence,
    /// Properties that go with every event, a member each.
    properties: Vec<String>,
    /// What `identify()` said last, an object: for rules and the summary, and kept nowhere.
    traits: String,
    seq: u32,
    queue: Queue,
    drops: Drops,
    delivery: Delivery,
    storage: Storage,
    wake: u64,
    effects: Effects,
}

impl Engine {
    /// `options` is `key=value` lines; `entropy` is 128 random bits.
    pub fn new(options: &str, entropy: [u32; 4], at: Stamp) -> Engine {
        let config = Config::parse(options);
        let mut random = Random::new(entropy, at);
        let mut load = String::new();
        random.id(&mut load);
        #[cfg_attr(not(feature = "formats"), expect(unused_mut))]
        let mut effects = Effects::default();
        #[cfg(feature = "formats")]
        if !config.foreign.mistake().is_empty() {
            effects.put(Kind::Warn, 0, config.foreign.mistake());
        }
        Engine {
            load,
            before_send: |_| String::new(),
            random,
            now: at,
            said: at.wall,
            timeline: Timeline { start: at.wall, origin: at.mono },
            consent: if config.consent_required { Consent::Pending } else { Consent::Granted },
            signal: false,
            device: "",
            bot: "",
            seen: false,
            language: String::new(),
            visitor: Life::new(),
            session: None,
            ended: String::new(),
            view: None,
            navigation: None,
            views: 0,
            presence: Presence::default(),
            properties: Vec::new(),
            traits: String::new(),
            seq: 0,
            queue: Queue::default(),
            drops: Drops::new(),
            delivery: Delivery::default(),
            storage: Storage::default(),
            wake: u64::MAX,
            effects,
            config,
        }
    }

    /// One fact in, every effect out.
    #[must_use]
    pub fn handle(&mut self, at: Stamp, input: Input) -> Vec<Output> {
        let navigating = matches!(input, Input::Navigated { .. } | Input::Titled { .. });
        self.handle_with(at, navigating, || Some(input)).into_iter().map(Output::from).collect()
    }

    /// The same with the input made last, so that the boundary's choice by code and the engine's by input are
    /// compiled to one.
    #[inline(always)]
    #[must_use]
    pub fn handle_with<'a>(
        &mut self,
        at: Stamp,
        navigating: bool,
        input: impl FnOnce() -> Option<Input<'a>>,
    ) -> Vec<Effect> {
        let at = self.clock(at);
        if !navigating {
            self.begin_navigation();
        }
        if let Some(input) = input() {
            self.take(input, at);
        }
        self.heartbeat(at);
        self.pump(at, false);
        self.save(at);
        self.schedule();
        core::mem::take(&mut self.effects.0)
    }

    #[inline(always)]
    fn take(&mut self, input: Input, at: Stamp) {
        match input {
            Input::Device { user_agent, touch_points, language } => {
                self.on_device(user_agent, touch_points, language)
            }
            Input::Signal { on } => self.on_signal(on),
            Input::Consent { choice } => self.on_consent(choice, at),
            Input::Hint { text } => self.on_hint(text, at),
            Input::Page { cause, url, title, referrer } => self.on_page(cause, url, title, referrer, at),
            Input::Navigated { cause, url } => self.on_navigated(cause, url, at),
            Input::Titled { title } => self.on_titled(title),
            Input::Visible { on } => self.on_visible(on, at),
            Input::Focused { on } => self.presence.focused = on,
            Input::Active => self.on_active(at),
            Input::Scrolled { percent } => self.on_scrolled(percent),
            Input::Playing { on } => self.on_playing(on, at),
            Input::Track { name, props } => self.on_track(name, props, at),
            Input::View { title, props } => self.on_view(title, props, at),
            Input::Identify { customer, traits } => self.on_identify(customer, traits, at),
            Input::Set { props } => self.on_set(props),
            Input::Reset { erase } => self.on_reset(erase, at),
            Input::Hide => self.on_hide(at),
            Input::Flush => self.on_flush(at),
            // A timer may fire early: then the same wish is made again.
            Input::Wake => self.wake = u64::MAX,
            Input::Sent { batch, status, body, retry_after } => {
                #[cfg(feature = "formats")]
                let (status, ref body) = self.judge(batch, status, body);
                self.on_sent(batch, status, body, retry_after, at)
            }
            Input::Record { text } => self.on_record(text, at),
            Input::Row { key, text } => self.on_row(key, text, at),
            Input::Merged { ok } => self.on_merged(ok, at),
        }
    }

    /// Events recorded so far, rows taken over included: each is acknowledged, unconfirmed, queued or dropped.
    pub fn accepted(&self) -> u32 {
        self.delivery.accepted
    }

    /// The events of this document so far.
    pub fn recorded(&self) -> u32 {
        self.seq
    }

    fn on_device(&mut self, user_agent: &str, touch_points: u32, language: &str) {
        // iPadOS calls itself a Mac, but no Mac has a touch screen.
        let is = |word| has(user_agent, word);
        let tablet = is("iPad") || is("Tablet") || (is("Macintosh") && touch_points > 1);
        self.device = if tablet || (is("Android") && !is("Mobi")) {
            "tablet"
        } else if is("Mobi") {
            "mobile"
        } else {
            "desktop"
        };
        for pair in Parts(BOTS, b',') {
            let (word, bot) = cut(pair, b' ');
            if is(word) && self.bot.is_empty() {
                self.bot = bot;
            }
        }
        redact::text(language, &mut self.language);
    }

    /// Why what happens here is no person's doing, as far as can be told by now.
    fn bot(&self) -> &'static str {
        match self.bot {
            _ if self.config.test => "test",
            "" if !self.seen => "never_visible",
            bot => bot,
        }
    }

    /// Asks to be woken when the next thing is due.
    fn schedule(&mut self) {
        let wake = self.next_send().min(self.next_report()).min(self.storage.next_due());
        if wake != self.wake {
            self.wake = wake;
            if wake < u64::MAX {
                self.effects.put(Kind::Wake, wake, "");
            }
        }
    }
}
