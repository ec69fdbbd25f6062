//! What people do, and what befalls their devices.

use passerby::engine::{Cause, Choice, Input};

use crate::coverage::Fault;
use crate::device::Life;
use crate::world::{Due, World};

/// A session may or may not have ended after so long a silence, as far as two tabs can know: nobody acts then.
const DISPUTED: std::ops::Range<u64> = 24 * 60_000..32 * 60_000;
/// How long a browser takes to the next frame.
const FRAME: u64 = 16;
const NAMES: [&str; 5] = ["view_item", "add_to_cart", "sign_up", "looked", "looked"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Input,
    Scroll,
    Track,
    Purchase,
    Identify,
    Reset,
    Navigate,
    Page,
    Switch,
    Load,
    Open,
    Close,
    Freeze,
    Play,
    Blur,
    Flush,
    Consent,
    Kill,
    KillBrowser,
}

const ACTS: [(u64, Act); 19] = [
    (220, Act::Input),
    (80, Act::Scroll),
    (220, Act::Track),
    (20, Act::Purchase),
    (10, Act::Identify),
    (8, Act::Reset),
    (90, Act::Navigate),
    (15, Act::Page),
    (70, Act::Switch),
    (50, Act::Load),
    (40, Act::Open),
    (25, Act::Close),
    (25, Act::Freeze),
    (25, Act::Play),
    (20, Act::Blur),
    (20, Act::Flush),
    (3, Act::Consent),
    (8, Act::Kill),
    (5, Act::KillBrowser),
];

impl World {
    pub fn act(&mut self, browser: usize) {
        if self.healed || self.browsers[browser].acts == 0 {
            return;
        }
        let at = self.clocks(browser);
        let quiet = self.browsers[browser].person.quiet(at);
        if DISPUTED.contains(&quiet) {
            return self.plan(DISPUTED.end - quiet, Due::Act { browser });
        }
        self.browsers[browser].acts -= 1;
        let last = self.browsers[browser].acts == 0;
        if self.draw.chance(40) {
            self.befall(browser);
        }
        let act = self.draw.weighed(&ACTS);
        match self.front(browser) {
            Some(front) => self.perform_act(browser, front, act),
            None => self.come(browser),
        }
        let pause = self.draw.weighed(
            &[
                (450, 20..3_000),
                (300, 3_000..40_000),
                (120, 40_000..300_000),
                (40, 300_000..1_200_000),
                (12, 2_000_000..10_000_000),
                (2, 30_000_000..90_000_000),
            ]
            .map(|(weight, range)| (weight, (range.start, range.end))),
        );
        let pause = self.draw.between(pause.0, pause.1);
        if let Some(front) = self.front(browser).filter(|_| pause > 1_200_000 || last) {
            // A film that runs for a day has a wake every few seconds and teaches nothing new.
            self.pause(front);
        }
        self.plan(pause, Due::Act { browser });
    }

    /// Nothing is in front: something comes.
    fn come(&mut self, browser: usize) {
        let alive = self.alive(browser);
        if alive.is_empty() || (alive.len() < 3 && self.draw.chance(500)) {
            _ = self.open(browser, true, false);
        } else {
            let document = self.draw.pick(&alive);
            self.show(document);
        }
    }

    fn perform_act(&mut self, browser: usize, front: usize, act: Act) {
        match act {
            Act::Input => self.input(front),
            Act::Scroll => {
                self.input(front);
                let percent = self.draw.below(110) as u32;
                self.feed(front, Input::Scrolled { percent });
            }
            Act::Track => self.track_somewhere(browser),
            Act::Purchase => self.track(front, "purchase", ""),
            Act::Identify => self.identify(front),
            Act::Reset => {
                self.feed(front, Input::Reset { erase: false });
                self.oracle(front, |person, page, at| person.reset(page, at));
                self.browsers[browser].logged_out = self.now;
            }
            Act::Navigate => {
                let url = self.fresh_url();
                self.navigate(front, url);
            }
            Act::Page => {
                let url = self.documents[front].url.clone();
                self.feed(front, Input::View { title: "", props: "" });
                self.oracle(front, |person, page, at| person.view(page, &url, at));
            }
            Act::Play => {
                let page = &self.documents[front];
                let on = !self.browsers[browser].person.documents[page.page].playing;
                self.feed(front, Input::Playing { on });
                self.oracle(front, |person, page, at| person.playing(page, on, at));
            }
            Act::Blur => {
                let on = self.draw.chance(700);
                self.set_focused(front, on);
            }
            Act::Consent => {
                // For the visitor and the session of before and after, two tabs have their own ideas for a moment.
                self.browsers[browser].apart = "consent that changed";
                let granted = self.draw.chance(600);
                self.strike_all(browser, if granted { Fault::Granted } else { Fault::Denied });
                self.consent(front, if granted { Choice::Granted } else { Choice::Denied });
            }
            Act::Flush => self.feed(front, Input::Flush),
            _ => self.move_about(browser, front, act),
        }
    }

    fn move_about(&mut self, browser: usize, front: usize, act: Act) {
        match act {
            Act::Switch => {
                let alive = self.alive(browser);
                let other = self.draw.pick(&alive);
                if other == front { self.hide(front) } else { self.show(other) }
            }
            Act::Load => {
                self.close(front);
                _ = self.open(browser, true, false);
            }
            Act::Open => {
                let (seen, prerender) = (self.draw.chance(600), self.draw.chance(200));
                _ = self.open(browser, seen && !prerender, prerender);
            }
            Act::Close => self.close(front),
            Act::Freeze => self.freeze(front),
            Act::Kill => {
                let alive = self.alive(browser);
                let victim = self.draw.pick(&alive);
                self.kill(victim);
            }
            _ => self.kill_browser(browser),
        }
    }

    fn input(&mut self, document: usize) {
        self.feed(document, Input::Active);
        self.oracle(document, |person, page, at| person.active(page, at));
    }

    /// A page tells of something, in front or behind.
    fn track_somewhere(&mut self, browser: usize) {
        let open = |document: &usize| self.documents[*document].life == Life::Open;
        let open: Vec<usize> = self.alive(browser).into_iter().filter(open).collect();
        let document = self.draw.pick(&open);
        let name = self.draw.pick(&NAMES);
        let times = self.draw.weighed(&[(90, 1), (8, 7), (2, 40)]);
        self.task(document, |world| {
            for _ in 0..times {
                // The largest is more than the collector takes in one string.
                let filler = world.draw.weighed(&[(900, 0), (80, 800), (20, 6_000), (2, 9_000)]);
                let filler = "x".repeat(filler);
                world.track(document, name, &filler);
            }
        });
    }

    pub fn track(&mut self, document: usize, name: &'static str, filler: &str) {
        self.told += 1;
        let (number, props) = (self.told, format!("{{\"n\":{},\"filler\":\"{filler}\"}}", self.told));
        self.feed(document, Input::Track { name, props: &props });
        self.oracle(document, |person, page, at| person.track(page, number, name, at));
    }

    fn identify(&mut self, document: usize) {
        self.told += 1;
        let customer = self.draw.pick(&["C-1", "C-1", "C-2"]);
        let (number, traits) = (self.told, format!("{{\"n\":{}}}", self.told));
        self.feed(document, Input::Identify { customer, traits: &traits });
        if self.oracle(document, |person, page, at| person.identify(page, number, customer, at)) {
            self.browsers[self.documents[document].browser].logged_out = self.now;
        }
    }

    fn navigate(&mut self, document: usize, url: String) {
        self.title(document);
        self.feed(document, Input::Navigated { cause: Cause::Push, url: &url });
        self.oracle(document, |person, page, at| person.view(page, &url, at));
        self.documents[document].url = url;
        self.documents[document].untitled = true;
        self.plan(FRAME, Due::Title { document });
    }
}
