//! What went into the engines and came out of them, in the numbers and texts of `src/boundary`: another build of
//! the engine can be given the same and must answer the same (`tests/nowasm`).

use passerby::engine::{Cause, Choice, Engine, Input, Output, Stamp};
use serde_json::{Value, json};

// Also those that no transcript uses.
#[allow(dead_code)]
#[path = "../../../src/boundary/codes.rs"]
mod codes;

/// Lines of JSON: `{tab, wall, bits, options}` begins an engine, `{…, put, out}` is a call and what it asked for
/// (`said`: and what the site's `beforeSend` was told and answered in between),
/// `{…, put, read}` a look and what it showed.
#[derive(Default)]
pub struct Tape(pub Vec<Value>);

impl Tape {
    pub fn begin(&mut self, tab: usize, options: &str, bits: [u32; 4], at: Stamp) {
        let begun = json!({ "tab": tab, "mono": at.mono, "wall": at.wall, "bits": bits, "options": options });
        self.0.push(begun);
    }

    pub fn call(&mut self, tab: usize, at: Stamp, input: &Input, outputs: &[Output]) {
        let put = put(input);
        let out: Vec<Value> = outputs.iter().map(out).collect();
        let said = super::hook::said();
        self.0.push(
            json!({ "tab": tab, "mono": at.mono, "wall": at.wall, "put": put, "out": out, "said": said }),
        );
    }

    pub fn row(&mut self, tab: usize, at: Stamp, key: &str, row: Option<&str>) {
        self.read(tab, at, codes::ROW_TEXT, key, row.unwrap_or_default());
    }

    /// The last of an engine at rest: across the boundary, looking is a call that may send what is due.
    pub fn look(&mut self, tab: usize, at: Stamp, engine: &Engine) {
        self.read(tab, at, codes::SUMMARY, "", &engine.summary());
        self.read(tab, at, codes::EXPLAIN, "", &engine.explain());
    }

    fn read(&mut self, tab: usize, at: Stamp, code: u32, key: &str, read: &str) {
        let put = (code, 0, key);
        self.0.push(json!({ "tab": tab, "mono": at.mono, "wall": at.wall, "put": put, "read": read }));
    }
}

fn put(input: &Input) -> (u32, u32, String) {
    let nothing = String::new();
    match *input {
        Input::Device { user_agent, touch_points, language } => {
            (codes::DEVICE, touch_points, joined(&[language, user_agent]))
        }
        Input::Signal { on } => (codes::SIGNAL, on.into(), nothing),
        Input::Consent { choice } => (codes::CONSENT, matches!(choice, Choice::Granted).into(), nothing),
        Input::Hint { text } => (codes::HINT, 0, text.into()),
        Input::Page { cause, url, title, referrer } => {
            (codes::PAGE, number(cause), joined(&[url, referrer, title]))
        }
        Input::Navigated { cause, url } => (codes::NAVIGATED, number(cause), url.into()),
        Input::Titled { title } => (codes::TITLED, 0, title.into()),
        Input::Visible { on } => (codes::VISIBLE, on.into(), nothing),
        Input::Focused { on } => (codes::FOCUSED, on.into(), nothing),
        Input::Active => (codes::ACTIVE, 0, nothing),
        Input::Scrolled { percent } => (codes::SCROLLED, percent, nothing),
        Input::Playing { on } => (codes::PLAYING, on.into(), nothing),
        Input::Track { name, props } => (codes::TRACK, 0, joined(&[props, name])),
        Input::View { title, props } => (codes::VIEW, 0, joined(&[props, title])),
        Input::Identify { customer, traits } => (codes::IDENTIFY, 0, joined(&[traits, customer])),
        Input::Set { props } => (codes::SET, 0, props.into()),
        Input::Reset { erase } => (codes::RESET, erase.into(), nothing),
        Input::Hide => (codes::HIDE, 0, nothing),
        Input::Flush => (codes::FLUSH, 0, nothing),
        Input::Wake => (codes::WAKE, 0, nothing),
        Input::Sent { batch, status, body, retry_after } => {
            (codes::SENT, batch, joined(&[&status.to_string(), retry_after, body]))
        }
        Input::Record { text } => (codes::RECORD, 0, text.into()),
        Input::Row { key, text } => (codes::ROW, 0, joined(&[key, text])),
        Input::Merged { ok } => (codes::MERGED, ok.into(), nothing),
    }
}

fn joined(texts: &[&str]) -> String {
    texts.join("\0")
}

fn number(cause: Cause) -> u32 {
    match cause {
        Cause::Push => codes::PUSH,
        Cause::Replace => codes::REPLACE,
        Cause::Traverse => codes::TRAVERSE,
        Cause::Restore => codes::RESTORE,
        Cause::Replaced => codes::REPLACED,
        _ => codes::LOAD,
    }
}

fn out(output: &Output) -> Value {
    match output {
        Output::Send { batch, body, hiding } => {
            json!([if *hiding { codes::SEND_HIDING } else { codes::SEND }, batch, body])
        }
        Output::Hint { text } => json!([codes::KEEP_HINT, 0, text]),
        Output::Merge => json!([codes::MERGE, 0, ""]),
        Output::Record { text } => json!([codes::KEEP_RECORD, 0, text]),
        Output::Keep { key } => json!([codes::KEEP, 0, key]),
        Output::Forget { key } => json!([codes::FORGET, 0, key]),
        Output::Choice { text } => json!([codes::CHOICE, 0, text]),
        Output::Purge => json!([codes::PURGE, 0, ""]),
        Output::Wake { at } => json!([codes::WAKE_AT, at, ""]),
        Output::Changed { topic } => json!([codes::CHANGED, 0, topic.as_str()]),
        Output::Warn { text } => json!([codes::WARN, 0, text]),
    }
}
