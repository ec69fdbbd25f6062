-- One file holds everything. Ids are text, so that `sqlite3 passerby.db` is a tool one can use.

-- A load (one engine instance) is named by 128 bits; rows refer to it by a small number.
CREATE TABLE loads (
  id   INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  load TEXT NOT NULL,
  UNIQUE (site, load)
);

-- A batch's context: what its events have in common. `visitor` and `session` are the canonical ids
-- (`was` merges rewrite them), the `_sent` ones are those the page used.
CREATE TABLE batches (
  id              INTEGER PRIMARY KEY,
  load            INTEGER NOT NULL REFERENCES loads (id),
  batch           TEXT NOT NULL,
  site            TEXT NOT NULL,
  visitor         TEXT NOT NULL,
  visitor_sent    TEXT NOT NULL,
  session         TEXT NOT NULL,
  session_sent    TEXT NOT NULL,
  received        INTEGER NOT NULL,
  sent            INTEGER NOT NULL,
  clock           INTEGER,
  clock_offset    INTEGER,             -- received - sent; absent if frozen or replayed
  start           INTEGER NOT NULL,
  definition      TEXT NOT NULL,
  first_seq       INTEGER,
  first_at        INTEGER,
  session_started INTEGER NOT NULL,
  audience        TEXT,
  stage           TEXT,
  sessions        INTEGER,
  first_seen      INTEGER,
  customer        TEXT,
  entry           TEXT,
  channel         TEXT,
  source          TEXT,
  medium          TEXT,
  campaign        TEXT,
  first_touch     TEXT,                -- JSON
  device          TEXT,
  language        TEXT,
  bot             TEXT,                -- why this is no person's doing; absent for people
  UNIQUE (load, batch, session_sent, visitor_sent, start)
);
CREATE INDEX batches_of_session ON batches (session, site);
CREATE INDEX batches_of_visitor ON batches (visitor, site);

-- (load, seq) is an event's identity for ever.
CREATE TABLE events (
  load     INTEGER NOT NULL REFERENCES loads (id),
  seq      INTEGER NOT NULL,
  batch    INTEGER NOT NULL REFERENCES batches (id),
  start    INTEGER NOT NULL,
  t        INTEGER NOT NULL,           -- wall time of the event = start + t, by the page's clock
  view     INTEGER,
  name     TEXT NOT NULL,
  url      TEXT,
  title    TEXT,
  referrer TEXT,
  props    TEXT,                       -- JSON, as sent
  PRIMARY KEY (load, seq)
) WITHOUT ROWID;
CREATE INDEX events_of_batch ON events (batch);

-- What each post added, in the order in which it came: whoever forwards reads on from where it was.
CREATE TABLE arrivals (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL REFERENCES batches (id),
  seqs  TEXT NOT NULL                  -- 1-20,22
);

-- Ids a visitor or session had before the page's storage settled, to the one that stays.
CREATE TABLE aliases (
  site TEXT NOT NULL,
  kind TEXT NOT NULL,                  -- visitor | session
  was  TEXT NOT NULL,
  id   TEXT NOT NULL,
  PRIMARY KEY (site, kind, was)
) WITHOUT ROWID;
CREATE INDEX aliases_of ON aliases (site, kind, id);

-- One row per session: the fold of its events. Reports read these, never the events.
CREATE TABLE sessions (
  site          TEXT NOT NULL,
  id            TEXT NOT NULL,
  visitor       TEXT NOT NULL,
  customer      TEXT,
  definition    TEXT NOT NULL,
  started       INTEGER NOT NULL,
  last_activity INTEGER NOT NULL,
  duration_ms   INTEGER NOT NULL,
  engaged_ms    INTEGER NOT NULL,
  page_depth    INTEGER NOT NULL,
  conversions   INTEGER NOT NULL,
  stored        INTEGER NOT NULL,      -- events of any name
  events        INTEGER NOT NULL,      -- other than page views, engagement and audience
  bounced       INTEGER NOT NULL,
  engaged       INTEGER NOT NULL,
  audience      TEXT NOT NULL,
  stage         TEXT NOT NULL,
  first_seen    INTEGER,
  entry         TEXT,
  channel       TEXT,
  source        TEXT,
  medium        TEXT,
  campaign      TEXT,
  first_touch   TEXT,
  device        TEXT,
  language      TEXT,
  bot           TEXT,                  -- if every batch of it says so
  purchases     TEXT,                  -- JSON: [{at, order, revenue_minor, currency}]
  steps         TEXT,                  -- JSON: what else happened to carts and orders
  PRIMARY KEY (site, id)
) WITHOUT ROWID;
CREATE INDEX sessions_by_start ON sessions (started);
CREATE INDEX sessions_of_visitor ON sessions (visitor, site);
CREATE INDEX sessions_of_customer ON sessions (customer, site) WHERE customer IS NOT NULL;

-- Events the pages dropped, as they count them.
CREATE TABLE drops (
  site   TEXT NOT NULL,
  reason TEXT NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (site, reason)
) WITHOUT ROWID;

-- Visitors who asked to be forgotten: what still comes of them is refused.
CREATE TABLE erased (
  site    TEXT NOT NULL,
  visitor TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (site, visitor)
) WITHOUT ROWID;
