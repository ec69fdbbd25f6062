//! The numbers of inputs, outputs and causes. `src/sdk/codes.ts` holds the same ones in the same
//! order; the build refuses to go on when the two differ.

macro_rules! codes {
    ($($name:ident)*) => { codes!(@ 0; $($name)*); };
    (@ $at:expr; $name:ident $($rest:ident)*) => {
        pub const $name: u32 = $at;
        codes!(@ $at + 1; $($rest)*);
    };
    (@ $at:expr;) => {};
}

// Input, what only reads, and the beginning
codes! {
    DEVICE SIGNAL CONSENT HINT PAGE NAVIGATED TITLED VISIBLE FOCUSED ACTIVE SCROLLED PLAYING
    TRACK VIEW IDENTIFY SET RESET HIDE FLUSH WAKE SENT RECORD ROW MERGED
    SUMMARY EXPLAIN ROW_TEXT FROZEN CREATE REVIEWED
}

// Output
codes! {
    SEND SEND_HIDING KEEP_HINT MERGE KEEP_RECORD KEEP FORGET CHOICE PURGE WAKE_AT CHANGED WARN TEXT REVIEW
}

// Cause
codes! { LOAD PUSH REPLACE TRAVERSE RESTORE REPLACED }
