//! Page views, activity and sessions: what the person does with the page.
//!
//! In    `View`, `Visible`, `Active`, `Scrolled`, and time passing
//! Out   events `page_view` and `engagement`
//!
//! A session is cut here and nowhere else. Activity is a page view, trusted input or playing media while the
//! page is visible, and `purchase` and `identify`; never a bare `track()`, never a hidden tab.

use alloc::boxed::Box;
use alloc::string::String;

use super::channel;
use super::fold::Fact;
use super::identity::{FIRST_SEEN, ID, Life, PURCHASES, SESSIONS, STAGE};
use super::page::{Totals, View};
use super::time::{MINUTE, Stamp};
use super::track::members;
use super::url::Url;
use super::{Audience, Cause, Engine, Stage, Topic, redact};
use crate::wire::json::Object;
use crate::wire::text::Put;

/// At most this often while a page is being read.
pub(super) const REPORT_EVERY: u64 = MINUTE;
/// Page views of one document kept one by one; older ones are summed up.
const VIEWS_KEPT: usize = 100;

impl Engine {
    /// `page()`: the site says that this is a new page view.
    pub(super) fn on_view(&mut self, title: &str, props: &str, at: Stamp) {
        self.view_again(Cause::Push, Some(title), members(props), at);
    }

    pub(super) fn on_visible(&mut self, on: bool, at: Stamp) {
        self.presence.visible = on;
        self.seen |= on;
        if !on {
            return self.on_hide(at);
        }
        if self.view.as_ref().is_some_and(|view| !view.arrived) {
            self.on_active(at);
        }
        self.watch(at);
        if self.view.is_some() {
            self.storage.want_merge();
        }
    }

    pub(super) fn on_playing(&mut self, on: bool, at: Stamp) {
        self.presence.playing = on;
        self.watch(at);
    }

    /// Trusted input, or an arrival. In a hidden page it is no activity.
    pub(super) fn on_active(&mut self, at: Stamp) {
        if self.presence.visible {
            self.presence.input(at.mono, self.config.idle_after);
            self.activity(at);
        }
    }

    /// The person is here: the session lives on, or a new one begins on the page that is open.
    pub(super) fn activity(&mut self, at: Stamp) {
        let Some(view) = &self.view else { return };
        match view.left || self.is_over(at) {
            true => self.cut(at),
            false => self.mark(at),
        }
    }

    pub(super) fn on_scrolled(&mut self, percent: u32) {
        if let Some(view) = self.view.as_mut() {
            view.totals.scroll = view.totals.scroll.max(percent.min(100));
        }
        self.share();
    }

    pub(super) fn is_over(&self, at: Stamp) -> bool {
        let (idle, max) = (self.config.session_idle, self.config.session_max);
        self.session.as_ref().is_none_or(|session| session.is_over(at, idle, max))
    }

    /// A page view of the page that is open, in the session that lives now or in a new one.
    pub(super) fn cut(&mut self, at: Stamp) {
        self.view_again(Cause::Session, None, "", at);
    }

    fn view_again(&mut self, cause: Cause, title: Option<&str>, props: &str, at: Stamp) {
        self.settle_navigation();
        // It says the last of the view that now gives its texts to the next.
        self.report();
        let Some(view) = self.view.take() else { return };
        self.begin_view(view.raw, view.raw_referrer, at);
        self.announce_view(cause, title.unwrap_or(&view.title), props, at);
    }

    /// Ends the open view, opens a session if none lives, and opens the next view.
    pub(super) fn begin_view(&mut self, raw: String, raw_referrer: String, at: Stamp) {
        self.report();
        if self.is_over(at) {
            self.open_session(&raw, &raw_referrer, at);
        }
        self.views += 1;
        let mut view = Box::<View>::default();
        view.number = self.views;
        view.raw = raw;
        view.raw_referrer = raw_referrer;
        view.arrived = self.presence.visible;
        view.reported_at = at.mono;
        self.view = Some(view);
        if self.presence.visible {
            self.presence.input(at.mono, self.config.idle_after);
            self.mark(at);
        }
        // Arriving is what the page view itself tells.
        if let Some(view) = self.view.as_mut() {
            view.reported = view.totals;
        }
    }

    /// Records the page view that `begin_view` opened.
    pub(super) fn announce_view(&mut self, cause: Cause, title: &str, props: &str, at: Stamp) {
        let Some(view) = self.view.as_mut() else { return };
        view.title.clear();
        redact::text(title, &mut view.title);
        let mut page = view.page(&self.config);
        let (number, visible) = (view.number, view.arrived);
        let mut own = String::new();
        let mut object = Object::members(&mut own);
        object.text("cause", cause.as_str());
        if !visible {
            object.flag("visible", false);
        }
        let told = self.record("page_view", Some(&mut page), &own, props, at)
            // The properties were refused, not the view.
            || (!props.is_empty() && self.record("page_view", Some(&mut page), &own, "", at));
        let fact = Fact::View {
            view: number,
            at: self.timeline.wall(at.mono),
            url: &page.url,
            title: &page.title,
            visible,
        };
        if let Some(view) = self.view.as_mut() {
            view.untold = !told;
        }
        self.storage.want_hint();
        if let Some(session) = self.session.as_mut().filter(|_| told) {
            session.fold.apply(&self.load, fact);
            session.fold.load(&self.load).trim(VIEWS_KEPT);
        }
        self.changed(Topic::Session);
        self.weigh("page_view", at);
    }

    fn open_session(&mut self, url: &str, referrer: &str, at: Stamp) {
        self.seal();
        let (landing, referrer) = (Url::parse(url), Url::parse(referrer));
        let touch = channel::classify(&landing, &referrer);
        let v = &mut self.visitor.known;
        if v.id().is_empty() {
            self.random.id(&mut v.texts[ID]);
            v.numbers[FIRST_SEEN] = at.wall;
            v.set_touch(&touch);
        }
        v.numbers[SESSIONS] += 1;
        if v.stage() < Stage::Advocate {
            let owns = v.numbers[PURCHASES] > 0 || v.audience() == Audience::Customer;
            v.numbers[STAGE] = (if owns { Stage::Own } else { Stage::Discover }) as u64;
        }
        let mut session = Life::new();
        (session.active, session.began) = (at, at);
        self.random.id(&mut session.known.texts[ID]);
        session.known.set_touch(&touch);
        session.fold.started = self.timeline.wall(at.mono);
        session.fold.audience = v.audience();
        if let Some(before) = self.session.replace(session) {
            self.ended.set(before.known.id());
        }
        self.storage.want_merge();
    }

    /// The session was active now.
    fn mark(&mut self, at: Stamp) {
        let wall = self.timeline.wall(at.mono);
        if let Some(view) = self.view.as_mut() {
            view.arrived |= self.presence.visible;
            view.totals.active = wall;
        }
        if let Some(session) = self.session.as_mut() {
            session.active = at;
            session.fold.last_activity = session.fold.last_activity.max(wall);
        }
        self.share();
        self.storage.touch(at.mono);
    }

    /// Credits the span that has just passed.
    pub(super) fn accrue(&mut self, at: Stamp) {
        let credit = self.presence.settle(at.mono);
        let Some(view) = self.view.as_mut() else { return };
        view.totals.visible += credit.visible;
        view.totals.engaged += credit.engaged;
        if credit.engaged > 0 {
            self.share();
        }
        self.watch(at);
    }

    /// Media that plays in sight is activity.
    pub(super) fn watch(&mut self, at: Stamp) {
        if self.presence.playing && self.presence.visible {
            self.activity(at);
        }
    }

    /// The open view's totals, where the summary reads them.
    fn share(&mut self) {
        let (Some(view), Some(session)) = (self.view.as_ref(), self.session.as_mut()) else { return };
        if view.left || view.untold {
            return;
        }
        let Totals { engaged, visible, scroll, active } = view.totals;
        let fact = Fact::Engagement { of: &view.of, view: view.number, engaged, visible, scroll, active };
        session.fold.apply(&self.load, fact);
    }

    /// Leaves the open view's totals, if they changed. They are totals, so a lost or repeated one harms no sum.
    pub(super) fn report(&mut self) {
        let at = self.now;
        let Some(view) = self.view.as_mut().filter(|view| view.has_news()) else { return };
        #[cfg(feature = "formats")]
        let earned = view.totals.engaged - view.reported.engaged;
        view.reported = view.totals;
        view.reported_at = at.mono;
        // No less than what is reported here is known to whoever goes on with this view.
        self.storage.want_hint();
        let Totals { engaged, visible, scroll, active } = view.totals;
        let mut own = String::new();
        let mut object = Object::members(&mut own);
        object.text("load_id", &view.of);
        object.number("engaged_ms", engaged);
        object.number("visible_ms", visible);
        object.number("scroll", u64::from(scroll));
        // Only what happened on this timeline can be told in its time.
        if let Some(active) = active.checked_sub(self.timeline.start) {
            object.number("last_activity", active);
        }
        #[cfg(feature = "formats")]
        self.tell_totals(&mut object, earned);
        self.record("engagement", None, &own, "", at);
        self.weigh("engagement", at);
    }

    pub(super) fn heartbeat(&mut self, at: Stamp) {
        if self.next_report() <= at.mono {
            self.report();
            if let Some(view) = self.view.as_mut() {
                view.reported_at = at.mono;
            }
        }
    }

    pub(super) fn next_report(&self) -> u64 {
        let earning = self.presence.earning();
        let due = |view: &View| (earning || view.has_news()).then_some(view.reported_at + REPORT_EVERY);
        self.view.as_deref().and_then(due).unwrap_or(u64::MAX)
    }
}
