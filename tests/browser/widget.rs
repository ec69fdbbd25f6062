//! The widget in a real browser: what is in the shadow root after each thing a page may do.

use js_sys::{Array, Function, Object, Reflect};
use passerby::widget::{Panel, Visit, button, mount, show, unmount, update};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ShadowRoot};

use wasm_bindgen_test::wasm_bindgen_test;

/// A page that shows the panel of a visit whose summary the test may change.
struct Page {
    host: HtmlElement,
    root: ShadowRoot,
    visit: Object,
}

impl Page {
    fn new() -> Page {
        let host: HtmlElement = run("const host = document.createElement('div');
             document.body.append(host);
             host.attachShadow({ mode: 'open' });
             return host;")
        .unchecked_into();
        let visit = run(
            "const data = {
               settled: true, definition: 'abc', events: { page_view: 1 },
               session: { id: 's', started: 1, durationMs: 61000, engagedMs: 5000, pageDepth: 1, bounced: true,
                 engaged: false, entry: 'https://a.example/', channel: 'direct', source: '',
                 pages: [{ url: 'https://a.example/', title: 'Home', durationMs: 1, engagedMs: 1, scrollDepth: 7 }] },
               audience: { is: 'user', reason: '', since: 1, stage: 'discover', relationship: 'first_experience' },
               delivery: { sent: 1, acknowledged: 0, unconfirmed: 0, queued: 1, dropped: {} } };
             const visit = { data, listeners: [], summary: () => visit.data, explain: () => [],
               on(topic, changed) {
                 visit.listeners.push(changed);
                 return () => visit.listeners.splice(visit.listeners.indexOf(changed), 1);
               } };
             return visit;",
        )
        .unchecked_into();
        let root = host.shadow_root().unwrap();
        Page { host, root, visit }
    }

    fn mount(&self) -> Panel {
        mount(self.host.clone(), self.root.clone(), self.visit.clone().unchecked_into::<Visit>()).unwrap()
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn text(&self) -> String {
        self.find(".body").and_then(|body| body.text_content()).unwrap_or_default()
    }

    fn is_open(&self) -> bool {
        self.host.has_attribute("open") && self.find(".panel.shown").is_some()
    }

    /// Runs `body` with `data` as the summary.
    fn change(&self, body: &str) {
        let data = Reflect::get(&self.visit, &"data".into()).unwrap();
        Function::new_with_args("data", body).call1(&JsValue::NULL, &data).unwrap();
    }

    fn listeners(&self) -> u32 {
        Reflect::get(&self.visit, &"listeners".into()).unwrap().unchecked_into::<Array>().length()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

fn run(body: &str) -> JsValue {
    Function::new_no_args(body).call0(&JsValue::NULL).unwrap()
}

fn press(key: &str) {
    let event =
        Function::new_with_args("key", "document.dispatchEvent(new KeyboardEvent('keydown', { key }))");
    event.call1(&JsValue::NULL, &key.into()).unwrap();
}

#[wasm_bindgen_test]
fn it_is_closed_until_asked_and_escape_closes_it() {
    let page = Page::new();
    let panel = page.mount();
    assert!(!page.is_open() && page.text().is_empty());
    show(&panel, true);
    assert!(page.is_open());
    for part in ["Bounce so far", "1\u{a0}min 1\u{a0}s", "7\u{a0}% scrolled", "Some events wait to be sent."]
    {
        assert!(page.text().contains(part), "{part}");
    }
    press("Escape");
    assert!(!page.is_open());
    unmount(panel);
}

#[wasm_bindgen_test]
fn a_change_is_written_into_the_same_nodes() {
    let page = Page::new();
    let panel = page.mount();
    show(&panel, true);
    let name = page.find(".page .name").unwrap();
    page.change(
        "data.session.pageDepth = 2; data.session.bounced = false;
         data.session.pages.push({ url: '/two', title: 'Two', engagedMs: 0, scrollDepth: 0 });",
    );
    update(&panel);
    assert!(page.text().contains("Not a bounce") && page.text().contains("Two"));
    assert_eq!(page.find(".page .name"), Some(name));
    page.change("data.session = undefined;");
    update(&panel);
    assert!(page.text().contains("No data: no session has begun."));
    unmount(panel);
}

#[wasm_bindgen_test]
fn the_button_shows_the_audience_and_opens_the_panel() {
    let page = Page::new();
    let panel = page.mount();
    button(&panel, true);
    let launcher = page.find(".launcher.shown").unwrap();
    assert_eq!(launcher.text_content().as_deref(), Some("User"));
    page.change("data.audience.is = 'potential';");
    update(&panel);
    assert_eq!(launcher.text_content().as_deref(), Some("Potential customer"));
    launcher.unchecked_ref::<HtmlElement>().click();
    assert!(page.is_open());
    page.find("[value=close]").unwrap().unchecked_ref::<HtmlElement>().click();
    assert!(!page.is_open());
    unmount(panel);
}

#[wasm_bindgen_test]
fn hostile_text_makes_no_element() {
    let page = Page::new();
    let panel = page.mount();
    page.change(
        "const bad = '<img src=x onerror=alert(1)>';
         data.audience.reason = bad; data.events = { [bad]: 1 };
         data.session.pages = [{ url: 'javascript:alert(1)', title: bad, scrollDepth: 1e9, engagedMs: -1 }];",
    );
    show(&panel, true);
    assert!(page.text().contains("<img src=x"));
    assert!(page.find("img, script, style, a, [style]").is_none());
    unmount(panel);
}

#[wasm_bindgen_test]
fn a_summary_that_cannot_be_read_says_so() {
    let page = Page::new();
    let panel = page.mount();
    for broken in ["undefined", "7", "'x'", "[]"] {
        let body = ["return ", broken].concat();
        Reflect::set(&page.visit, &"data".into(), &run(&body)).unwrap();
        show(&panel, true);
        update(&panel);
        assert!(page.text().contains("No data: the summary could not be read."), "{broken}");
    }
    unmount(panel);
}

#[wasm_bindgen_test]
fn it_lets_go_of_the_visit() {
    let page = Page::new();
    let panel = page.mount();
    assert_eq!(page.listeners(), 4);
    show(&panel, true);
    unmount(panel);
    assert_eq!(page.listeners(), 0);
    press("Escape");
    let again = page.mount();
    show(&again, true);
    assert_eq!(page.root.query_selector_all(".panel").unwrap().length(), 1);
    unmount(again);
}
