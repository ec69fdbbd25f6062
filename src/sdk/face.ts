/** The public calls. None throws, whatever it is given. */

import { In } from "./codes";
import type { Feed } from "./engine";
import { choose } from "./host/life";
import { title } from "./host/page";
import { Promise, safely, setTimer } from "./natives";
import { Limit } from "./platform";
import { json, text } from "./snapshot";
import type { Explanation, Properties, Summary, Topic, Visit } from "./types";

/** Resolves in any case, and no later than an answer may take. */
export const promised = (begin: (done: () => void) => void) =>
  new Promise<void>((done) => {
    setTimer(done, Limit.AnswerMs);
    safely(begin)(done);
  });

export interface Inside {
  /** Must not throw. */
  feed: Feed;
  explain(): Explanation[];
  summary(): Summary;
  listeners: Record<string, (() => void)[]>;
  /** Calls back once nothing is in flight. */
  settled(done: () => void): void;
  /** Deletes what is stored here. */
  purge(done: () => void): void;
  /** Storage has answered who this is. */
  known(): Promise<void>;
  /** Has the collector erase who this is. */
  erase(): Promise<"done" | "pending" | "unsupported">;
  stop(): void;
}

export function face({ feed, explain, summary, listeners, settled, purge, known, erase, stop }: Inside): Visit {
  const track = (name: string, props?: Properties) => feed(In.Track, 0, json(props), text(name));

  return {
    track,
    page: safely((props) => feed(In.View, 0, json(props), title())),
    purchase: (order) => track("purchase", order),
    identify: (id, traits) => feed(In.Identify, 0, json(traits), text(id)),
    reset: () => feed(In.Reset),
    set: (props) => feed(In.Set, 0, json(props)),
    consent: (choice) => choose(feed, choice),
    flush: () =>
      promised((done) => {
        feed(In.Flush);
        settled(done);
      }),
    forget: async () => {
      await known();
      const collector = erase();
      await promised((done) => {
        feed(In.Reset);
        purge(done);
      });
      return { here: "done", collector: await collector };
    },
    stop: safely(stop),
    on: safely((topic: Topic, call: () => void) => {
      const list = (listeners[topic] ||= []);
      list.push(call);
      return () => {
        const at = list.indexOf(call);
        if (at >= 0) list.splice(at, 1);
      };
    }) as Visit["on"],
    // As of now, and not of the last input: engaged time goes on while somebody reads.
    summary: () => {
      feed(In.Wake);
      return summary();
    },
    explain,
    get audience() {
      return summary().audience.is;
    },
  };
}
