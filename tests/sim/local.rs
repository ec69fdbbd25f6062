//! localStorage: what is written is there at once, for all tabs, and survives the end of a page; the end of the browser
//! it survives only as of its last commit: five seconds after the first change, then once a minute.

use passerby::engine::{Choice, Input};

use crate::beside::Beside;
use crate::device::Life;
use crate::world::{Due, World};

const FIRST_COMMIT: u64 = 5_000;
const NEXT_COMMIT: u64 = 60_000;
/// A session is not held against the oracle's if a kill made it forget more than this.
const FORGOTTEN: u64 = 300_000;

#[derive(Clone, Debug, Default)]
pub struct Items {
    hint: String,
    choice: Option<Choice>,
    pub beside: Beside,
}

#[derive(Debug, Default)]
pub struct Local {
    pub now: Items,
    safe: Items,
    committed: u64,
    /// When the last activity was that the commit knew of.
    active: u64,
    committing: bool,
}

impl World {
    pub fn hint(&self, document: usize) -> String {
        let browser = &self.browsers[self.documents[document].browser];
        if browser.blocked { String::new() } else { browser.local.now.hint.clone() }
    }

    pub fn choice(&self, browser: usize) -> Option<Choice> {
        let browser = &self.browsers[browser];
        browser.local.now.choice.filter(|_| !browser.blocked)
    }

    pub fn write_hint(&mut self, document: usize, text: String) {
        let holder = &mut self.browsers[self.documents[document].browser];
        if !holder.blocked && !holder.disk.full && holder.local.now.hint != text {
            holder.local.now.hint.clone_from(&text);
            self.tell_others(document, Some(&text));
        }
    }

    pub fn write_choice(&mut self, document: usize, choice: Choice) {
        let page = &mut self.documents[document];
        page.knows = Some(choice);
        let holder = &mut self.browsers[page.browser];
        if !holder.blocked && holder.local.now.choice != Some(choice) {
            holder.local.now.choice = Some(choice);
            self.tell_others(document, None);
        }
    }

    fn tell_others(&mut self, document: usize, hint: Option<&str>) {
        let browser = self.documents[document].browser;
        self.changed_local(browser);
        for other in self.alive(browser) {
            if other != document && self.documents[other].life == Life::Open {
                self.plan(2, Due::Storage { document: other, hint: hint.map(Into::into) });
            }
        }
    }

    /// It is safe with the next commit.
    pub fn changed_local(&mut self, browser: usize) {
        let local = &mut self.browsers[browser].local;
        if !local.committing {
            local.committing = true;
            let after = FIRST_COMMIT.max((local.committed + NEXT_COMMIT).saturating_sub(self.now));
            self.plan(after, Due::LocalCommit { browser });
        }
    }

    pub fn local_commit(&mut self, browser: usize) {
        let active = self.last_activity(browser);
        let local = &mut self.browsers[browser].local;
        local.active = active;
        (local.safe, local.committed, local.committing) = (local.now.clone(), self.now, false);
    }

    /// What other tabs may have written.
    pub fn reread(&mut self, document: usize) {
        let hint = self.hint(document);
        self.heard(document, Some(hint));
    }

    /// What another tab has written.
    pub fn heard(&mut self, document: usize, hint: Option<String>) {
        if self.documents[document].life != Life::Open {
            return;
        }
        let choice = self.choice(self.documents[document].browser);
        if let Some(choice) = choice.filter(|_| choice != self.documents[document].knows) {
            self.documents[document].knows = Some(choice);
            self.consent(document, choice);
        }
        if let Some(hint) = hint {
            self.feed(document, Input::Hint { text: &hint });
        }
    }

    fn last_activity(&self, browser: usize) -> u64 {
        self.now.saturating_sub(self.browsers[browser].person.quiet(self.clocks(browser)))
    }

    /// The browser has gone: what was safe remains.
    pub fn recall(&mut self, browser: usize) {
        let active = self.last_activity(browser);
        let holder = &mut self.browsers[browser];
        if holder.local.committed < holder.logged_out {
            // The next page begins as the visitor before, and has told so when the record says otherwise.
            holder.apart = "killed before the hint knew of a log-out";
        }
        if active.saturating_sub(holder.local.active) > FORGOTTEN {
            // A kill takes the last minute of localStorage with it, and so the activity that kept a session alive.
            holder.apart = "killed before the hint knew of the activity after a pause";
        }
        if holder.local.safe.choice.is_none() {
            holder.unsaid = holder.local.now.choice.or(holder.unsaid);
        }
        let before = std::mem::replace(&mut holder.local.now, holder.local.safe.clone());
        self.regret(browser, &before.beside);
    }
}
