//! The life of a document, as a host reports it: opened, shown, hidden, kept, restored, closed, killed.

use passerby::engine::{Cause, Choice, Input};

use crate::coverage::Fault;
use crate::device::{Life, TABS};
use crate::oracle::{At, Consent, Person};
use crate::world::World;

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";

impl World {
    /// A page nobody has been on before.
    pub fn fresh_url(&mut self) -> String {
        self.told += 1;
        format!("https://shop.test/p/{}", self.told)
    }

    /// A tab opens, in front or behind, if there is room; or something is prerendered in it.
    pub fn open(&mut self, browser: usize, seen: bool, prerender: bool) -> Option<usize> {
        let slot = (0..TABS).find(|slot| self.browsers[browser].tabs[*slot].is_none())?;
        if seen {
            self.leave_front(browser);
        }
        let url = self.fresh_url();
        let document = self.begin(browser, &url);
        self.browsers[browser].tabs[slot] = Some(document);
        if prerender {
            self.documents[document].life = Life::Prerendered;
            self.strike(document, Fault::Prerender);
        } else {
            self.arrive_page(document, seen);
        }
        Some(document)
    }

    /// Somebody is there: from here on it is a page.
    pub fn arrive_page(&mut self, document: usize, seen: bool) {
        self.documents[document].life = Life::Open;
        self.feed(document, Input::Device { user_agent: AGENT, touch_points: 0, language: "en-GB" });
        self.documents[document].visible = seen;
        self.look(document, seen);
        self.page(document, Cause::Load);
    }

    /// How things are, on arrival and on every return.
    fn look(&mut self, document: usize, seen: bool) {
        self.signals(document);
        self.reread(document);
        self.set_visible(document, seen);
        self.set_focused(document, seen);
    }

    pub fn page(&mut self, document: usize, cause: Cause) {
        let url = self.documents[document].url.clone();
        self.feed(document, Input::Page { cause, url: &url, title: "Title", referrer: "" });
        self.oracle(document, |person, page, at| person.view(page, &url, at));
    }

    pub fn set_visible(&mut self, document: usize, on: bool) {
        self.documents[document].visible = on;
        self.feed(document, Input::Visible { on });
        self.oracle(document, |person, page, at| person.visible(page, on, at));
    }

    pub fn set_focused(&mut self, document: usize, on: bool) {
        self.feed(document, Input::Focused { on });
        self.oracle(document, |person, page, _| person.focused(page, on));
    }

    /// What the visitor said, just now or in another tab.
    pub fn consent(&mut self, document: usize, choice: Choice) {
        let signal = self.documents[document].signal;
        let consent = if choice == Choice::Granted && !signal { Consent::Given } else { Consent::Denied };
        self.oracle(document, |person, page, _| person.documents[page].consent = consent);
        self.feed(document, Input::Consent { choice });
    }

    /// The same to the oracle.
    pub fn oracle<T>(&mut self, document: usize, tell: impl FnOnce(&mut Person, usize, At) -> T) -> T {
        let browser = self.documents[document].browser;
        let at = self.clocks(browser);
        tell(&mut self.browsers[browser].person, self.documents[document].page, at)
    }

    pub fn front(&self, browser: usize) -> Option<usize> {
        let open = |document: &usize| {
            self.documents[*document].life == Life::Open && self.documents[*document].visible
        };
        self.alive(browser).into_iter().find(open)
    }

    /// Whatever is in front goes behind.
    pub fn leave_front(&mut self, browser: usize) {
        if let Some(front) = self.front(browser) {
            self.hide(front);
        }
    }

    pub fn hide(&mut self, document: usize) {
        self.title(document);
        self.pause(document);
        self.set_focused(document, false);
        self.signals(document);
        self.set_visible(document, false);
        self.feed(document, Input::Hide);
    }

    /// Sound in a tab behind goes on in life; here it stops, for whose attention it has is disputed.
    pub fn pause(&mut self, document: usize) {
        let page = &self.documents[document];
        if self.browsers[page.browser].person.documents[page.page].playing {
            self.feed(document, Input::Playing { on: false });
            self.oracle(document, |person, page, at| person.playing(page, false, at));
        }
    }

    pub fn show(&mut self, document: usize) {
        let browser = self.documents[document].browser;
        self.leave_front(browser);
        match self.documents[document].life {
            Life::Prerendered => self.arrive_page(document, true),
            Life::Open => self.look(document, true),
            Life::Frozen => self.restore(document),
            Life::Gone => {}
        }
    }

    pub fn close(&mut self, document: usize) {
        if self.documents[document].life == Life::Open {
            self.hide(document);
            self.strike(document, Fault::Closed);
            self.drop_last(document);
        }
        self.end(document);
    }

    fn end(&mut self, document: usize) {
        self.documents[document].life = Life::Gone;
        self.oracle(document, |person, page, _| person.gone(page));
        for tab in &mut self.browsers[self.documents[document].browser].tabs {
            if *tab == Some(document) {
                *tab = None;
            }
        }
    }

    /// Into the back/forward cache; what is due there waits.
    pub fn freeze(&mut self, document: usize) {
        self.hide(document);
        self.strike(document, Fault::Cached);
        self.documents[document].life = Life::Frozen;
    }

    fn restore(&mut self, document: usize) {
        self.documents[document].life = Life::Open;
        self.look(document, true);
        self.page(document, Cause::Restore);
        for (batch, status, body, retry_after) in std::mem::take(&mut self.documents[document].held) {
            self.answered(document, batch, status);
            self.feed(document, Input::Sent { batch, status, body: &body, retry_after: &retry_after });
        }
        if std::mem::take(&mut self.documents[document].merge_waiting) {
            self.operate(document, crate::storage::Operation::Merge);
        }
        self.set_alarm(document);
    }

    /// Its process dies; the browser lives on.
    pub fn kill(&mut self, document: usize) {
        self.strike(document, Fault::RendererKill);
        let browser = self.documents[document].browser;
        self.documents[document].killed = Some(self.now - self.browsers[browser].slept);
        self.twin(document);
        self.abandon(document);
        self.end(document);
    }

    /// The browser dies, and with it every page.
    pub fn kill_browser(&mut self, browser: usize) {
        let now = self.now - self.browsers[browser].slept;
        self.browsers[browser].kills.push(now);
        for document in self.alive(browser) {
            self.strike(document, Fault::BrowserKill);
            self.documents[document].killed = Some(now);
            self.end(document);
        }
        self.crash(browser);
    }
}
