//! The engine's doors to JavaScript: numbers and text in, numbers and text out.
//!
//! One door in ([`handle`]) and one out (`passerbyPerform`), with one text each, because every further export,
//! import and text costs the visitor some 30 to 100 bytes of name, shim and glue (measured: 21 inputs as exports
//! of their own +0.5 kB brotli). What the numbers mean stands once, in [`codes`].
//!
//! One engine per wasm instance: a trap then poisons one visit and nothing else, and the SDK replaces the
//! instance. Outputs are handed over after the engine's borrow has ended, so a host that calls straight back
//! in meets an engine at rest; but for `review`, see there.

pub mod codes;
mod runtime;

use alloc::boxed::Box;
use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Cause, Choice, Engine, Input, Kind, Stamp};
use crate::wire::json::parse_number;
use crate::wire::text::{Parts, cut, owned};
use runtime::Lone;

/// Never freed: it lives as long as its instance, and code to drop it would be dead weight.
static ENGINE: Lone<&'static mut Engine> = Lone::new();
/// What the site's `beforeSend` has made of an event.
static REVIEWED: Lone<String> = Lone::new();

#[wasm_bindgen]
extern "C" {
    /// The build wraps the glue into a function of this name's value, so that every instance has its own.
    #[wasm_bindgen(js_name = passerbyPerform)]
    fn perform(code: u32, number: f64, text: &str);
}

/// One fact, or the wish to read: its summary, its explanations, the queue row of this key, what the browser may
/// send by itself. What is read is handed over by the door that is there, for returning a `String` needs glue and
/// shims of its own.
///
/// The first call creates the engine of this instance: of 128 random bits as four numbers with commas, and of
/// options as `key=value` lines.
///
/// Which number and texts count depends on the code. `texts` are joined by NUL; all but the last hold none.
#[wasm_bindgen]
pub fn handle(code: u32, mono: f64, wall: f64, number: u32, texts: &str) {
    let at = stamp(mono, wall);
    if code == codes::CREATE {
        let (bits, options) = cut(texts, 0);
        let mut entropy = [0; 4];
        for (word, number) in entropy.iter_mut().zip(Parts(bits, b',')) {
            *word = parse_number(number) as u32;
        }
        let engine = Box::leak(Box::new(Engine::new(options, entropy, at)));
        engine.before_send = review;
        return ENGINE.put(engine);
    }
    if code == codes::REVIEWED {
        return REVIEWED.put(owned(texts));
    }
    let Some(engine) = ENGINE.take() else { return };
    let read = match code {
        codes::SUMMARY => Some(engine.summary()),
        codes::EXPLAIN => Some(engine.explain()),
        codes::ROW_TEXT => engine.row(texts),
        codes::FROZEN => Some(engine.frozen()),
        _ => None,
    };
    let navigating = matches!(code, codes::NAVIGATED | codes::TITLED);
    let effects = engine.handle_with(at, navigating, || input(code, number, texts));
    ENGINE.put(engine);
    for effect in effects {
        // Exact: a page lives less than 2^53 ms.
        perform(effect.kind as u32, effect.number as f64, &effect.text);
    }
    if let Some(text) = read {
        perform(codes::TEXT, 0.0, &text);
    }
}

// The engine's kinds of effect are the first of the codes, in their order.
const _: () = assert!(Kind::Hint as u32 == codes::KEEP_HINT && Kind::Keep as u32 == codes::KEEP);
const _: () = assert!(Kind::Wake as u32 == codes::WAKE_AT && Kind::Warn as u32 == codes::WARN);

/// Clocks cross as fractions of milliseconds. The cast floors, and makes 0 of what a page's own idea of a
/// clock may return: negative numbers, NaN. What is left beyond any clock is cut, so that sums do not overflow.
fn stamp(mono: f64, wall: f64) -> Stamp {
    const END: u64 = 1 << 53;
    Stamp { mono: (mono as u64).min(END), wall: (wall as u64).min(END) }
}

/// The one output in the middle of an input. The engine has been taken out, so that whatever else the site calls finds
/// none and is nothing. The host answers before it returns; without an answer the event is dropped.
fn review(event: &str) -> String {
    perform(codes::REVIEW, 0.0, event);
    REVIEWED.take().unwrap_or_default()
}

#[inline(always)]
fn input(code: u32, number: u32, texts: &str) -> Option<Input<'_>> {
    let on = number != 0;
    let (first, rest) = cut(texts, 0);
    let (second, third) = cut(rest, 0);
    Some(match code {
        codes::DEVICE => Input::Device { user_agent: rest, touch_points: number, language: first },
        codes::SIGNAL => Input::Signal { on },
        codes::CONSENT => Input::Consent { choice: if on { Choice::Granted } else { Choice::Denied } },
        codes::HINT => Input::Hint { text: texts },
        codes::PAGE => Input::Page { cause: cause(number), url: first, referrer: second, title: third },
        codes::NAVIGATED => Input::Navigated { cause: cause(number), url: texts },
        codes::TITLED => Input::Titled { title: texts },
        codes::VISIBLE => Input::Visible { on },
        codes::FOCUSED => Input::Focused { on },
        codes::ACTIVE => Input::Active,
        codes::SCROLLED => Input::Scrolled { percent: number },
        codes::PLAYING => Input::Playing { on },
        codes::TRACK => Input::Track { props: first, name: rest },
        codes::VIEW => Input::View { props: first, title: rest },
        codes::IDENTIFY => Input::Identify { traits: first, customer: rest },
        codes::SET => Input::Set { props: texts },
        codes::RESET => Input::Reset { erase: on },
        codes::HIDE => Input::Hide,
        codes::FLUSH => Input::Flush,
        codes::WAKE => Input::Wake,
        codes::SENT => {
            let status = parse_number(first) as u32;
            Input::Sent { batch: number, status, retry_after: second, body: third }
        }
        codes::RECORD => Input::Record { text: texts },
        codes::ROW => Input::Row { key: first, text: rest },
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
        codes::REPLACED => Cause::Replaced,
        _ => Cause::Load,
    }
}
