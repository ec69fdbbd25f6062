//! One mounted widget: when it draws, what it listens to, where focus goes.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Date, Function};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent, ShadowRoot};

use super::frame::Frame;
use super::{Visit, copy, dom, read};
use crate::score::{self, Score};
use crate::view::format::join;
use crate::view::{self, Explanation, Node, Reader, Summary};

/// How often the running times are drawn while somebody can see them.
const REFRESH_MS: u32 = 1_000;
/// Changes within this time are drawn together.
const TOGETHER_MS: u32 = 50;

const TOPICS: [&str; 4] = ["audience", "session", "delivery", "summary"];

#[wasm_bindgen]
pub struct Panel(Rc<Inner>);

struct Inner {
    document: Document,
    host: HtmlElement,
    root: ShadowRoot,
    visit: Visit,
    frame: Frame,
    open: Cell<bool>,
    button: Cell<bool>,
    /// The tree the body shows.
    drawn: RefCell<Option<Node>>,
    /// The audience last shown, so that only a change is announced.
    audience: RefCell<String>,
    refresh: RefCell<Option<Interval>>,
    /// A drawing is due; `soon` outlives it, for a timer may not be dropped while it runs.
    due: Cell<bool>,
    soon: RefCell<Option<Timeout>>,
    /// What had focus before the panel took it.
    returns: RefCell<Option<HtmlElement>>,
    listener: Closure<dyn Fn(Event)>,
    changed: Closure<dyn Fn()>,
    subscriptions: RefCell<Vec<Function>>,
}

impl Panel {
    pub(super) fn new(host: HtmlElement, root: ShadowRoot, visit: Visit) -> Result<Panel, JsValue> {
        let document = host.owner_document().ok_or("the element is in a document")?;
        let frame = Frame::draw(&document, &root)?;
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let (listening, changing) = (weak.clone(), weak.clone());
            let listener = move |event| _ = listening.upgrade().map(|inner| inner.handle(&event));
            let changed = move || _ = changing.upgrade().map(|inner| inner.update_soon());
            Inner {
                document,
                host,
                root,
                visit,
                frame,
                open: Cell::default(),
                button: Cell::default(),
                drawn: RefCell::default(),
                audience: RefCell::default(),
                refresh: RefCell::default(),
                due: Cell::default(),
                soon: RefCell::default(),
                returns: RefCell::default(),
                listener: Closure::new(listener),
                changed: Closure::new(changed),
                subscriptions: RefCell::default(),
            }
        });
        inner.listen()?;
        Ok(Panel(inner))
    }

    pub(super) fn show(&self, open: bool) {
        self.0.show(open);
    }

    pub(super) fn button(&self, shown: bool) {
        self.0.button.set(shown);
        self.0.reveal(&self.0.frame.launcher, shown);
        self.0.update();
    }

    pub(super) fn update(&self) {
        self.0.update();
    }

    pub(super) fn end(self) {
        self.0.end();
    }
}

impl Inner {
    fn listen(&self) -> Result<(), JsValue> {
        let listener = self.listener.as_ref().unchecked_ref();
        self.root.add_event_listener_with_callback("click", listener)?;
        self.document.add_event_listener_with_callback("keydown", listener)?;
        self.document.add_event_listener_with_callback("visibilitychange", listener)?;
        let changed = self.changed.as_ref().unchecked_ref();
        // A visit that cannot be subscribed to is still drawn each second.
        let ends = TOPICS.iter().filter_map(|topic| self.visit.on(topic, changed).ok());
        *self.subscriptions.borrow_mut() = ends.collect();
        Ok(())
    }

    fn end(&self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.root.remove_event_listener_with_callback("click", listener);
        let _ = self.document.remove_event_listener_with_callback("keydown", listener);
        let _ = self.document.remove_event_listener_with_callback("visibilitychange", listener);
        for end in self.subscriptions.take() {
            let _ = end.call0(&JsValue::UNDEFINED);
        }
        self.refresh.take();
        self.soon.take();
    }

    fn handle(self: &Rc<Self>, event: &Event) {
        match event.type_().as_str() {
            "click" => self.click(event),
            "keydown" => {
                let key = event.unchecked_ref::<KeyboardEvent>().key();
                // The page's own use of the key comes first.
                if key == "Escape" && self.open.get() && !event.default_prevented() {
                    self.show(false);
                }
            }
            _ => self.tick(),
        }
    }

    fn click(self: &Rc<Self>, event: &Event) {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        match button.and_then(|button| button.get_attribute("value")).as_deref() {
            Some("toggle") => self.show(!self.open.get()),
            Some("close") => self.show(false),
            Some("copy") => self.copy(),
            _ => {}
        }
    }

    fn show(self: &Rc<Self>, open: bool) {
        if open == self.open.replace(open) {
            return;
        }
        let _ = self.host.toggle_attribute_with_force("open", open);
        if open {
            let focused = self.document.active_element().and_then(|element| element.dyn_into().ok());
            *self.returns.borrow_mut() = focused;
            self.say("");
            self.update();
            self.reveal(&self.frame.panel, true);
            let _ = self.frame.panel.focus();
        } else {
            let held =
                self.root.active_element().is_some_and(|focused| self.frame.panel.contains(Some(&focused)));
            self.reveal(&self.frame.panel, false);
            let returns = self.returns.take();
            if held {
                // Focus that was in this element was on its button.
                let target = match returns {
                    Some(element) if element != self.host => element,
                    _ => self.frame.launcher.clone(),
                };
                let _ = target.focus();
            }
        }
        self.tick();
    }

    /// In the top layer where there is one, else by its class alone.
    fn reveal(&self, part: &HtmlElement, shown: bool) {
        let _ = part.class_list().toggle_with_force("shown", shown);
        let _ = if shown { part.show_popover() } else { part.hide_popover() };
    }

    /// Runs the clock exactly while somebody can see it.
    fn tick(self: &Rc<Self>) {
        let seen = self.open.get() && !self.document.hidden();
        if !seen {
            self.refresh.take();
        } else if self.refresh.borrow().is_none() {
            let weak = Rc::downgrade(self);
            let draw = move || _ = weak.upgrade().map(|inner| inner.update());
            *self.refresh.borrow_mut() = Some(Interval::new(REFRESH_MS, draw));
            self.update();
        }
    }

    /// A visit tells of changes from within its own work, and often several: draw once, afterwards.
    fn update_soon(self: &Rc<Self>) {
        let wanted = self.open.get() || self.button.get();
        if wanted && !self.due.replace(true) {
            let weak = Rc::downgrade(self);
            let draw = move || {
                if let Some(inner) = weak.upgrade() {
                    inner.due.set(false);
                    inner.update();
                }
            };
            *self.soon.borrow_mut() = Some(Timeout::new(TOGETHER_MS, draw));
        }
    }

    fn update(&self) {
        let tree = match self.read() {
            Some((summary, explanations, score)) => {
                self.announce(&summary.audience.is);
                let reader = Reader { now: Date::now() as u64, moment: &moment };
                let kind = self.host.get_attribute("kind").unwrap_or_default();
                let (summary, explanations) = (&summary, &explanations[..]);
                view::view(&view::Visit { summary, explanations, reader, score: score.as_ref(), kind: &kind })
            }
            None => view::unreadable(),
        };
        if self.open.get() {
            // A tree that cannot be written leaves the last one standing.
            let _ = self.write(tree);
        }
    }

    fn read(&self) -> Option<(Summary, Vec<Explanation>, Option<Score>)> {
        let said = self.visit.summary().ok()?;
        let segments = self.host.get_attribute("segments").unwrap_or_default();
        // What JSON has no word for, `undefined` for one, has no text either.
        let json = js_sys::JSON::stringify(&said).ok().and_then(|text| text.as_string());
        let score = json.map(|json| score::measure(&json, Date::now() as u64, &segments));
        let summary = read::summary(said)?;
        // A summary without its reasons is better than none.
        let explanations = self.visit.explain().map(read::explanations).unwrap_or_default();
        Some((summary, explanations, score))
    }

    fn write(&self, tree: Node) -> Result<(), JsValue> {
        let mut drawn = self.drawn.borrow_mut();
        match (&*drawn, self.frame.body.first_child()) {
            (Some(old), Some(there)) => dom::patch(&self.document, &there, old, &tree)?,
            _ => drop(self.frame.body.append_child(&dom::create(&self.document, &tree)?)?),
        }
        *drawn = Some(tree);
        Ok(())
    }

    /// Puts the audience on the button, and says aloud when it changes under the reader's eyes.
    fn announce(&self, audience: &str) {
        let mut last = self.audience.borrow_mut();
        if *last == audience {
            return;
        }
        let name = view::audience_name(audience);
        self.frame.launcher.set_text_content(Some(&name));
        let _ = self
            .frame
            .launcher
            .set_attribute("aria-label", &join(&["Passerby: ", &name, ". Show this visit"]));
        if !last.is_empty() {
            self.say(&join(&["Now: ", &name]));
        }
        *last = audience.into();
    }

    fn say(&self, text: &str) {
        self.frame.status.set_text_content(Some(text));
    }

    fn copy(self: &Rc<Self>) {
        let text = match (self.visit.summary(), self.visit.explain()) {
            (Ok(summary), Ok(explanations)) => copy::json(&summary, &explanations),
            _ => Err(JsValue::NULL),
        };
        let weak = Rc::downgrade(self);
        let done = move |copied| {
            let text = if copied { "Copied." } else { "This page does not allow copying." };
            _ = weak.upgrade().map(|inner| inner.say(text));
        };
        match text {
            Ok(text) => copy::copy(&text, done),
            Err(_) => done(false),
        }
    }
}

/// A moment in the reader's own time zone and manner: the hour if it was today, else the day too.
fn moment(at: u64) -> String {
    let date = Date::new(&(at as f64).into());
    let today = Date::new_0().to_date_string() == date.to_date_string();
    let options = js_sys::Object::new();
    let style = |name: &str, value: &str| _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    style("timeStyle", "short");
    if !today {
        style("dateStyle", "medium");
    }
    date.to_locale_string("default", &options).into()
}
