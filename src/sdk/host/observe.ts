/** Whether somebody is there: visibility, focus, input, scrolling, media. */

import { In } from "../codes";
import type { Feed } from "../engine";
import { callDocument, nextFrame, ofDocument } from "../natives";
import { Limit } from "../platform";
import type { Listen } from "./page";

export const isVisible = (): boolean => !ofDocument("hidden");

/** As it is now: `hasFocus` stays true while focus is in a frame of the page. */
export const focus = (feed: Feed) => feed(In.Focused, +callDocument("hasFocus"));

/** Watches input, focus, scrolling and media; returns how to look again at a page that has changed under us. */
export function observe(feed: Feed, listen: Listen): () => void {
  let next = 0;
  let framed: unknown;
  let reached = 0;

  const active = ({ isTrusted, timeStamp }: Event) => {
    if (!isTrusted || timeStamp < next) return;
    next = timeStamp + Limit.InputMs;
    feed(In.Active);
  };

  /** In a frame of its own, where the browser has laid the page out: reading the height costs nothing then. */
  const measure = () => {
    if (framed) return;
    framed = 1;
    nextFrame(() => {
      framed = 0;
      const height = ofDocument("documentElement").scrollHeight;
      const percent = Math.round(((scrollY + innerHeight) / height) * Limit.Percent);
      if (percent != reached) feed(In.Scrolled, (reached = percent));
    });
  };

  /** By looking, not by counting: an element taken out of the page says nothing we would hear. */
  const media = () => {
    const all: HTMLMediaElement[] = [...callDocument("querySelectorAll", "audio,video")];
    feed(In.Playing, +all.some(({ paused, ended }) => !paused && !ended));
  };

  listen(window, "focus blur", () => focus(feed));
  listen(document, "pointerdown pointermove keydown wheel touchmove", active);
  listen(document, "scroll", (event) => {
    // Elements that scroll by themselves, as carousels and chats do, are nobody's input.
    if (event.target != document) return;
    active(event);
    measure();
  });
  listen(document, "play pause ended emptied", media);
  listen(window, "load", measure);
  return () => {
    reached = 0;
    measure();
    media();
  };
}
