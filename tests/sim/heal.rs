//! The end of a world: everything is well from now on, everybody comes back, and what can still arrive arrives.

use passerby::engine::Input;

use crate::network::Weather;
use crate::world::World;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl World {
    /// Everything is well from now on, and everybody comes back.
    pub fn heal(&mut self) {
        self.healed = true;
        self.weather = Weather::Fair;
        for browser in &mut self.browsers {
            (browser.offline, browser.disk.full, browser.signal) = (false, false, false);
            (browser.disk.silent_until, browser.blocked) = (0, false);
        }
        // Whatever session there was has ended, beyond dispute.
        let awake = self.browsers.iter().map(|browser| browser.asleep_until).max().unwrap_or(0);
        self.run_until(self.now.max(awake) + 40 * MINUTE);
        self.each(|world, browser| {
            world.alive(browser).into_iter().for_each(|document| world.show(document))
        });
        self.run_until(self.now + 2 * HOUR);
        self.each(World::settle);
        self.each(World::answer);
        self.run_until(self.now + 4 * HOUR);
        self.each(|world, browser| {
            for document in world.alive(browser) {
                // Carries what was dropped and not told yet.
                world.track(document, "looked", "");
                world.feed(document, Input::Flush);
            }
        });
        self.run_until(self.now + 2 * HOUR);
        self.each(|world, browser| {
            world.alive(browser).into_iter().for_each(|document| world.close(document))
        });
        self.each(World::settle);
        self.run_until(self.now + 4 * HOUR);
        self.each(|world, browser| {
            world.alive(browser).into_iter().for_each(|document| world.feed(document, Input::Flush));
        });
        self.run_until(self.now + HOUR);
    }

    fn each(&mut self, what: impl Fn(&mut World, usize)) {
        (0..self.browsers.len()).for_each(|browser| what(self, browser));
    }

    /// What a kill has made the browser forget is asked again, and answered as before.
    fn answer(&mut self, browser: usize) {
        let forgotten = self.browsers[browser].unsaid.filter(|_| self.choice(browser).is_none());
        if let (Some(choice), Some(front)) = (forgotten, self.front(browser)) {
            self.consent(front, choice);
        }
    }

    /// A fresh page, in front for a while: it takes on what others left behind.
    fn settle(&mut self, browser: usize) {
        if let [.., last] = self.alive(browser)[..] {
            self.close(last);
        }
        _ = self.open(browser, true, false);
    }
}
