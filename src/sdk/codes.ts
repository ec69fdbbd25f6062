/** The boundary's numbers, as in `src/boundary/codes.rs`; the build compares the two. */

export const enum In {
  Device, Signal, Consent, Hint, Page, Navigated, Titled, Visible, Focused, Active, Scrolled, Playing,
  Track, View, Identify, Set, Reset, Hide, Flush, Wake, Sent, Record, Row, Merged,
  Summary, Explain, RowText, Frozen, Create, Reviewed,
}

export const enum Out {
  Send, SendHiding, KeepHint, Merge, KeepRecord, Keep, Forget, Choice, Purge, WakeAt, Changed, Warn, Text, Review,
}

export const enum Cause {
  Load, Push, Replace, Traverse, Restore, Replaced,
}
