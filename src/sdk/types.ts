/** The public types, written where users read them. */

export type Audience = "user" | "potential" | "customer";
export type Stage = "discover" | "shop" | "buy" | "own" | "advocate";
export type Relationship = "first_experience" | "building" | "loyalty" | "advocacy";
export type ConsentChoice = "granted" | "denied";
export type Topic = "audience" | "session" | "delivery" | "summary";

/** Anything: hostile values are read once, bounded and turned into JSON, never thrown back. */
export type Properties = Record<string, unknown>;

/** Event names and their properties; extend by module augmentation. */
export interface Events {
  [name: string]: Properties | undefined;
}

/** What `track()` takes after the name: properties that an event of `Events` must have cannot be left out. */
export type Given<Props> =
  undefined extends Props ? [props?: Props] : {} extends Props ? [props?: Props] : [props: Props];

/** GA4's `purchase`. */
export interface Order {
  transaction_id: string;
  value: number | string;
  currency: string;
  items?: Properties[];
  [property: string]: unknown;
}

/** How batches are written: wire format v1, one event a line, or as another system wants them. */
export type Format =
  | "native" | "ndjson" | "segment" | "rudderstack" | "posthog" | "snowplow" | "matomo" | "plausible" | "umami"
  | "umami-single" | "amplitude" | "mixpanel" | "cloudevents" | "otlp";

/** What to send instead of this batch (wire format v1), and where; as text/plain unless the headers say otherwise. */
export type Transform = (batch: any) => { url: string; body: string; headers?: Record<string, string> };

/** An event on its way. */
export interface Outgoing {
  readonly name: string;
  props?: Properties;
  /** Of page views; in other systems' formats, of every event. */
  page?: { url?: string; title?: string; referrer?: string };
}

/**
 * Any rule of a list will do; `&` joins conditions that must all hold. They are looked at with every event, and once a
 * minute while a page is read.
 *
 * | condition         | holds                                                                                       |
 * |-------------------|---------------------------------------------------------------------------------------------|
 * | `sign_up`         | when this event happens                                                                     |
 * | `/members/*`      | on pages whose path is like this; `*` is any text                                           |
 * | `view_item>=3`    | once the event has happened so often in the session; `<`: fewer times                       |
 * | `sessions>=2`     | of this visitor; also `purchases`, `days` since the first visit, `audience_days` since they |
 * |                   | are what they are; in the session also `page_view`, and `engaged_seconds`                   |
 * | `plan=pro`        | if `identify()` said so on this page; as an object: `{ plan: "pro" }`                       |
 */
export type Rule = string | Record<string, string | number | boolean>;

export interface Options {
  /** Where batches go. Absent: in-page only, no network at all. */
  collector?: string;
  /** Names the site; does not authenticate. Default: the host name. */
  site?: string;
  /** Those other than native and ndjson need `passerby.all.js`, or `passerby/all` from npm. */
  format?: Format;
  /** Write key, api key, site id, website id: as the system calls it. */
  key?: string;
  /** For a collector nobody knows: any 2xx is its acknowledgement. */
  transform?: Transform;
  /**
   * Asked about every event, Passerby's own included, before anything of it is kept or sent: it may change properties
   * and page, in place or by returning another, or drop the event with `null`. What it returns is redacted and bounded
   * as ever. If it throws, or returns something else, the event is dropped; calls from inside it are ignored. In a
   * tag: the name of a global function. The visitor's and session's own data (channel, campaign) it does not see.
   */
  beforeSend?: string | ((event: Outgoing) => Outgoing | null | undefined | void);
  consent?: "required";
  /** Of the visitor and the session: in the browser, in the tab until it closes, or in the page. */
  storage?: "persistent" | "session" | "memory";
  kind?: "shop" | "content" | "messaging" | "social" | "learning" | "fitness" | "saas";
  /** These are tests of the site's own: their sessions are told apart, whatever drives the browser. */
  test?: boolean;
  /** Shows every batch in the console. */
  debug?: boolean;
  /** False: page views after the first, and marked elements, only by call. Or those, and more: from `passerby/auto`. */
  auto?: boolean | Part[];
  /** True: record in a subframe too; otherwise nothing happens there. */
  frames?: boolean;
  /** Milliseconds without activity that end a session. Default 1,800,000. */
  sessionIdleMs?: number;
  /** Milliseconds after which a session ends in any case. Default 86,400,000. */
  sessionMaxMs?: number;
  /** Milliseconds after input during which a visible, focused page counts as engaged. Default 30,000. */
  idleAfterMs?: number;
  /** Engaged milliseconds that make an engaged session. Default 10,000. */
  engagedAfterMs?: number;
  bounceRule?: "single_page" | "not_engaged";
  /** Events that count as a conversion. Default purchase, generate_lead, sign_up. */
  conversions?: string[];
  /** What makes a customer. Default: purchase, identify. */
  customerWhen?: Rule[];
  /** What shows intent. Default: a cart, a checkout, generate_lead, sign_up. */
  potentialWhen?: Rule[];
  /** Query parameters that stay in URLs, beside a campaign's; default ref. For the collector: --keep-params. */
  keepParams?: string[];
  /** Treat a change of the fragment as a soft navigation. */
  hash?: boolean;
}

/** Watches for one kind of event and tracks it, until the signal. */
export type Part = (visit: Visit, signal: AbortSignal) => void;

export interface PageSummary {
  url: string;
  title: string;
  /** Last activity − start, wall milliseconds. */
  durationMs: number;
  /** Visible, focused, and input within 30 s; milliseconds. */
  engagedMs: number;
  /** Deepest point seen, whole percent. */
  scrollDepth: number;
}

export interface Summary {
  /** False until storage has decided which visitor and session this is. */
  settled: boolean;
  /** Hash of the definition options. */
  definition: string;
  session?: {
    id: string;
    /** Unix milliseconds. */
    started: number;
    durationMs: number;
    engagedMs: number;
    pageDepth: number;
    bounced: boolean;
    engaged: boolean;
    entry: string;
    channel: string;
    source: string;
    pages: PageSummary[];
  };
  audience: {
    is: Audience;
    reason: string;
    since: number;
    stage: Stage;
    relationship: Relationship;
    /** What `identify()` said last on this page, redacted as it is sent. */
    traits?: Properties;
  };
  /** How often each event happened in this session. */
  events: Record<string, number>;
  delivery: {
    sent: number;
    acknowledged: number;
    unconfirmed: number;
    queued: number;
    /** Reason → events. */
    dropped: Record<string, number>;
  };
  visitor?: { id: string; sessions: number; purchases: number; firstSeen: number; history: unknown[] };
}

/** Which rule made it so. */
export interface Explanation {
  about: "bounce" | "engaged" | "channel" | "audience" | "bot" | "consent" | "delivery" | "drop";
  is: string;
  /** The rule, in words. */
  rule?: string;
  /** The numbers it looked at, in words. */
  because?: string;
}

export interface Visit {
  page(props?: Properties): void;
  track<Name extends keyof Events & string>(name: Name, ...props: Given<Events[Name]>): void;
  purchase(order: Order): void;
  identify(customerId: string, traits?: Properties): void;
  reset(): void;
  set(props: Properties): void;
  consent(choice: ConsentChoice): void;
  forget(): Promise<{ here: "done"; collector: "done" | "pending" | "unsupported" }>;
  flush(): Promise<void>;
  stop(): void;
  on(topic: Topic, fn: () => void): () => void;
  readonly audience: Audience;
  summary(): Summary;
  explain(): Explanation[];
}
