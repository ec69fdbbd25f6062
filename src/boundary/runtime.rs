//! What std would bring: a cell for the one engine, a panic handler. Unsafe, resting on one fact: wasm32 without
//! the atomics feature has one thread.
#![allow(unsafe_code)]

use core::cell::Cell;

/// A value of the only thread there is. Nothing is ever borrowed from it: a call takes the value out and
/// puts it back, so a call from inside a call finds nothing, instead of a second mutable borrow.
pub struct Lone<T>(Cell<Option<T>>);

// SAFETY: see above, one thread. A build with atomics must not compile this.
#[cfg(not(target_feature = "atomics"))]
unsafe impl<T> Sync for Lone<T> {}

impl<T> Lone<T> {
    pub const fn new() -> Lone<T> {
        Lone(Cell::new(None))
    }

    pub fn put(&self, value: T) {
        // Nothing is there before, and a forgotten nothing saves the code that would drop an engine.
        core::mem::forget(self.0.replace(Some(value)));
    }

    pub fn take(&self) -> Option<T> {
        self.0.take()
    }
}

/// The engine does not panic by construction. If it does all the same: a trap, which the SDK answers with a
/// new instance. Text and unwinding would cost the visitor bytes that help nobody.
#[cfg(feature = "shipped")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
