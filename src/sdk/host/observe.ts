/** Whether somebody is there: visibility, focus, input, scrolling, media. */

import { In } from "../codes";
import type { Feed } from "../engine";
import { apply, nextFrame, ofDocument } from "../natives";
import type { Listen } from "./page";

/** Input closer together than this is reported once: a pointer moves up to a thousand times a second. */
const INPUT_EVERY_MS = 100;

export const isVisible = (): boolean => ofDocument("visibilityState") == "visible";

/** Visible and focused, as it is now. `hasFocus` stays true while focus is in a frame of the page. */
export function presence(feed: Feed): void {
  feed(In.Visible, +isVisible());
  focus(feed);
}

const focus = (feed: Feed) => feed(In.Focused, +(apply(ofDocument("hasFocus"), document, []) as boolean));

/** Watches input, focus, scrolling and media; returns how to look again at a page that has changed under us. */
export function observe(feed: Feed, listen: Listen): () => void {
  let last = -INPUT_EVERY_MS;
  let framed = false;
  let reached = 0;

  const active = ({ isTrusted, timeStamp }: Event) => {
    if (!isTrusted || timeStamp - last < INPUT_EVERY_MS) return;
    last = timeStamp;
    feed(In.Active);
  };

  /** In a frame of its own, where the browser has laid the page out: reading the height costs nothing then. */
  const measure = () => {
    if (framed) return;
    framed = true;
    nextFrame(() => {
      framed = false;
      const height = ofDocument("documentElement").scrollHeight;
      const percent = Math.min(100, Math.round(((scrollY + innerHeight) / height) * 100)) || 0;
      if (percent != reached) feed(In.Scrolled, (reached = percent));
    });
  };

  let playing = 0;
  const media = () => {
    let now = 0;
    // By looking, not by counting: an element taken out of the page says nothing we would hear.
    document.querySelectorAll<HTMLMediaElement>("audio,video").forEach(({ paused, ended }) => void (paused || ended || (now = 1)));
    if (now != playing) feed(In.Playing, (playing = now));
  };

  listen(window, "focus blur", () => focus(feed));
  listen(document, "pointerdown pointermove keydown wheel touchmove", active);
  listen(document, "scroll", (event) => {
    // Elements that scroll by themselves, as carousels and chats do, are nobody's input.
    if (event.target != document) return;
    active(event);
    measure();
  });
  listen(document, "play playing pause ended emptied", media);
  listen(window, "load", measure);
  return () => {
    reached = 0;
    measure();
    media();
  };
}
