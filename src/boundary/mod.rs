//! The engine's doors to JavaScript: numbers and text in, numbers and text out.
//!
//! One door in ([`handle`]) and one out (`passerbyPerform`), because every further export and import costs
//! the visitor about 30 bytes of name, shim and glue (measured: 21 inputs as exports of their own +0.5 kB
//! brotli). What the numbers mean stands once, in [`codes`].
//!
//! One engine per wasm instance: a trap then poisons one visit and nothing else, and the SDK replaces the
//! instance. Outputs are handed over after the engine's borrow has ended, so a host that calls straight back
//! in meets an engine at rest.

pub mod codes;
mod runtime;

use alloc::boxed::Box;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Cause, Choice, Engine, Input, Output, Stamp};
use runtime::Lone;

/// Never freed: it lives as long as its instance, and code to drop it would be dead weight.
static ENGINE: Lone<&'static mut Engine> = Lone::new();

#[wasm_bindgen]
extern "C" {
    /// The build wraps the glue into a function of this name's value, so that every instance has its own.
    #[wasm_bindgen(js_name = passerbyPerform)]
    fn perform(code: u32, number: f64, first: &str, second: &str);
}

/// Starts the engine of this instance; `options` is `key=value` lines, `e0..e3` 128 random bits.
#[wasm_bindgen]
pub fn create(options: &str, e0: u32, e1: u32, e2: u32, e3: u32, mono: f64, wall: f64) {
    ENGINE.put(Box::leak(Box::new(Engine::new(options, [e0, e1, e2, e3], stamp(mono, wall)))));
}

/// One fact. Which of the numbers and texts count depends on the code; the others are 0 and empty.
#[allow(clippy::too_many_arguments)] // Scalars are what crosses without glue.
#[wasm_bindgen]
pub fn handle(code: u32, mono: f64, wall: f64, x: u32, y: u32, a: &str, b: &str, c: &str) {
    let Some(input) = input(code, x, y, a, b, c) else { return };
    let outputs = ENGINE.with(|engine| engine.handle(stamp(mono, wall), input));
    for output in outputs.unwrap_or_default() {
        hand_over(output);
    }
}

/// Hands over a text of the engine's: its summary, its explanations, or the queue row of this key, if there
/// is one. By the door that is there: returning a `String` needs glue and shims of its own.
#[wasm_bindgen]
pub fn read(code: u32, key: &str) {
    let text = ENGINE.with(|engine| match code {
        codes::SUMMARY => Some(engine.summary()),
        codes::EXPLAIN => Some(engine.explain()),
        _ => engine.row(key),
    });
    if let Some(text) = text.flatten() {
        perform(codes::TEXT, 0.0, &text, "");
    }
}

/// Clocks cross as fractions of milliseconds. The cast floors, and makes 0 of what a page's own idea of a
/// clock may return: negative numbers, NaN. What is left beyond any clock is cut, so that sums do not overflow.
fn stamp(mono: f64, wall: f64) -> Stamp {
    const END: u64 = 1 << 53;
    Stamp { mono: (mono as u64).min(END), wall: (wall as u64).min(END) }
}

fn input<'a>(code: u32, x: u32, y: u32, a: &'a str, b: &'a str, c: &'a str) -> Option<Input<'a>> {
    let on = x != 0;
    Some(match code {
        codes::DEVICE => Input::Device { user_agent: a, touch_points: x, language: b },
        codes::SIGNAL => Input::Signal { on },
        codes::CONSENT => Input::Consent { choice: if on { Choice::Granted } else { Choice::Denied } },
        codes::HINT => Input::Hint { text: a },
        codes::PAGE => Input::Page { cause: cause(x), url: a, title: b, referrer: c },
        codes::NAVIGATED => Input::Navigated { cause: cause(x), url: a },
        codes::TITLED => Input::Titled { title: a },
        codes::VISIBLE => Input::Visible { on },
        codes::FOCUSED => Input::Focused { on },
        codes::ACTIVE => Input::Active,
        codes::SCROLLED => Input::Scrolled { percent: x },
        codes::PLAYING => Input::Playing { on },
        codes::TRACK => Input::Track { name: a, props: b },
        codes::VIEW => Input::View { title: a, props: b },
        codes::IDENTIFY => Input::Identify { customer: a, traits: b },
        codes::SET => Input::Set { props: a },
        codes::RESET => Input::Reset,
        codes::HIDE => Input::Hide,
        codes::FLUSH => Input::Flush,
        codes::WAKE => Input::Wake,
        codes::SENT => Input::Sent { batch: x, status: y, body: a, retry_after: b },
        codes::RECORD => Input::Record { text: a },
        codes::ROW => Input::Row { key: a, text: b },
        codes::MERGED => Input::Merged { ok: on },
        _ => return None,
    })
}

fn cause(code: u32) -> Cause {
    match code {
        codes::PUSH => Cause::Push,
        codes::REPLACE => Cause::Replace,
        codes::TRAVERSE => Cause::Traverse,
        codes::RESTORE => Cause::Restore,
        _ => Cause::Load,
    }
}

fn hand_over(output: Output) {
    match &output {
        Output::Send { batch, body, hiding } => {
            perform(codes::SEND, f64::from(*batch), body, if *hiding { "1" } else { "" });
        }
        Output::Hint { text } => perform(codes::KEEP_HINT, 0.0, text, ""),
        Output::Merge => perform(codes::MERGE, 0.0, "", ""),
        Output::Record { text } => perform(codes::KEEP_RECORD, 0.0, text, ""),
        Output::Keep { key } => perform(codes::KEEP, 0.0, key, ""),
        Output::Claim { key, text } => perform(codes::CLAIM, 0.0, key, text),
        Output::Forget { key } => perform(codes::FORGET, 0.0, key, ""),
        Output::Choice { text } => perform(codes::CHOICE, 0.0, text, ""),
        Output::Purge => perform(codes::PURGE, 0.0, "", ""),
        // Exact: a page lives less than 2^53 ms.
        Output::Wake { at } => perform(codes::WAKE_AT, *at as f64, "", ""),
        Output::Changed { topic } => perform(codes::CHANGED, 0.0, topic.as_str(), ""),
        Output::Warn { text } => perform(codes::WARN, 0.0, text, ""),
    }
}
