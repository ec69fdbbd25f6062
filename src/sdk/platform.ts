/** Numbers that browsers set, and how long we wait for one: none of them defines what is measured. */

export const enum Limit {
  /** Bytes of all keepalive bodies of a document that are in flight together (fetch standard). */
  Keepalive = 65_536,
  /** Browsers run a longer timeout at once: its delay is a signed 32-bit number. */
  TimerMs = 2_147_483_647,
  /** Until an answer must be there: on slow 2G it takes 10 s. */
  AnswerMs = 30_000,
  SecondMs = 1_000,
  /** Of an answer; ours are far shorter. */
  AnswerChars = 65_536,
  /** A database that is silent for so long is taken for one that does not work: private modes, blocked upgrades. */
  StorageMs = 1_000,
  /** Of the five million that localStorage has and the page wants for itself. */
  SpillChars = 524_288,
  /** Under so many bytes, compression costs more than it saves. */
  PlainBytes = 1_024,
  /** Input closer together is reported once: a pointer moves up to a thousand times a second. */
  InputMs = 100,
  Percent = 100,
}
