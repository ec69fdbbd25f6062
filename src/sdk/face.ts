/** The public calls. None throws, whatever it is given. */

import { In } from "./codes";
import type { Feed } from "./engine";
import { choose } from "./host/life";
import { title } from "./host/page";
import { Promise, safely, setTimer } from "./natives";
import { Limit } from "./platform";
import { json, text } from "./snapshot";
import type { Properties, Topic, Visit } from "./types";

/** Resolves in any case, and no later than an answer may take. */
export const promised = (begin: (done: () => void) => void) =>
  new Promise<void>((done) => {
    setTimer(done, Limit.AnswerMs);
    safely(begin)(done);
  });

export type Listeners = Record<string, Set<() => void>>;
/** What differs between a visit and none. */
export type Inside = Pick<Visit, "explain" | "flush" | "forget" | "stop" | "summary">;

/** `feed` must not throw. */
export function face(feed: Feed, listeners: Listeners, inside: Inside): Visit {
  const named = (code: In) => (name: string, props?: Properties) => feed(code, 0, json(props), text(name));
  const track = named(In.Track);

  return {
    ...inside,
    track,
    page: safely((props) => feed(In.View, 0, json(props), title())),
    purchase: (order) => track("purchase", order),
    identify: named(In.Identify),
    reset: () => feed(In.Reset),
    set: (props) => feed(In.Set, 0, json(props)),
    consent: (choice) => choose(feed, choice),
    on: safely((topic: Topic, call: () => void) => {
      const all = (listeners[topic] ||= new Set());
      const heard = safely(call);
      all.add(heard);
      return () => all.delete(heard);
    }) as Visit["on"],
    get audience() {
      return inside.summary().audience.is;
    },
  };
}
