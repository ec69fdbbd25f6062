//! Arriving at a page: a load, a return, or a soft navigation, whose title comes a little later.
//!
//! In    `Page`, `Navigated`, `Titled`
//! Out   page views, which `visit` begins and announces

use alloc::boxed::Box;

use super::page::Navigation;
use super::time::Stamp;
use super::url::same_page;
use super::{Cause, Engine, redact};
use crate::wire::text::{Put, owned};

impl Engine {
    pub(super) fn on_page(&mut self, cause: Cause, url: &str, title: &str, referrer: &str, at: Stamp) {
        self.settle_navigation();
        // A session that ended with the engine before, or that nothing is stored of, cannot be gone on with.
        let goes_on = cause == Cause::Replaced && !self.is_over(at);
        self.begin_view(owned(url), owned(referrer), at);
        if goes_on {
            self.go_on(title);
        } else {
            self.announce_view(cause, title, "", at);
        }
        if matches!(cause, Cause::Load | Cause::Replaced) {
            self.storage.want_merge();
            self.delivery.want_flush();
        }
    }

    /// The page view that was open when the engine before this one failed is not told again: what is earned from now on
    /// adds to what is known of it. That is the last of whoever wrote the hint: this document, unless another tab came
    /// after it.
    fn go_on(&mut self, title: &str) {
        let (Some(view), Some(session)) = (self.view.as_mut(), self.session.as_ref()) else { return };
        redact::text(title, &mut view.title);
        let Some(load) = session.fold.loads.first() else { return };
        if let Some(known) = load.views.last().filter(|known| known.title == view.title) {
            self.views = known.number;
            view.number = known.number;
            view.of.set(&load.id);
            view.totals.engaged = known.engaged;
            view.totals.visible = known.visible;
            view.totals.scroll = known.scroll;
            // Who adds up what each report has earned had the rest from the engine before.
            #[cfg(feature = "formats")]
            if self.config.foreign.format.is_some() {
                view.reported.engaged = known.engaged;
            }
        }
    }

    pub(super) fn on_navigated(&mut self, cause: Cause, url: &str, at: Stamp) {
        match self.navigation.as_mut() {
            // Several changes within one task are one navigation, to where the last one led.
            Some(navigation) if !navigation.begun => navigation.url.set(url),
            // Something was tracked between two of them: their one page view is open, and not announced yet.
            Some(_) => {
                if let Some(view) = self.view.as_mut() {
                    view.raw.set(url);
                }
            }
            None => self.navigation = Some(Box::new(Navigation { cause, at, url: owned(url), begun: false })),
        }
    }

    /// Something else happens on the new page before its title is read: it belongs to the new page view already.
    pub(super) fn begin_navigation(&mut self) {
        let Some(navigation) = self.navigation.as_mut().filter(|navigation| !navigation.begun) else {
            return;
        };
        navigation.begun = true;
        let (url, at) = (core::mem::take(&mut navigation.url), navigation.at);
        let from = owned(self.view.as_ref().map_or("", |view| view.raw.as_str()));
        if same_page(&from, &url, self.config.hash) {
            // A fragment, or there and back within one task.
            self.navigation = None;
            return;
        }
        self.begin_view(url, from, at);
    }

    pub(super) fn on_titled(&mut self, title: &str) {
        self.begin_navigation();
        if let Some(navigation) = self.navigation.take() {
            self.announce_view(navigation.cause, title, "", navigation.at);
        }
    }

    /// At hide there is no later frame: the title is what the host has just told, or the one before.
    pub(super) fn settle_navigation(&mut self) {
        if self.navigation.is_some() {
            let title = owned(self.view.as_ref().map_or("", |view| view.title.as_str()));
            self.on_titled(&title);
        }
    }
}
