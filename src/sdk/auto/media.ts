/** `media {id, seconds, duration}`: how long each sound or film has played so far, at every pause and at the end. */

import { listen, place, type Part } from "./part";

const SECOND_MS = 1000;

interface Played {
  ms: number;
  /** Playing since then. */
  since?: number;
  told: number;
}

const media: Part = (visit, signal) => {
  const all = new Map<HTMLMediaElement, Played>();
  const stop = (played: Played) => {
    if (played.since != null) played.ms += performance.now() - played.since;
    played.since = undefined;
  };
  /** Of a live stream the duration is infinite, of nothing it is not a number. */
  const tell = (element: HTMLMediaElement, played: Played) => {
    const seconds = Math.round(played.ms / SECOND_MS);
    if (seconds == played.told) return;
    played.told = seconds;
    const id = element.getAttribute("id") || place(element.currentSrc);
    visit.track("media", { id, seconds, duration: Math.round(element.duration) });
  };

  listen(signal, document, "playing", ({ target }) => {
    let played = all.get(target);
    if (!played) all.set(target, (played = { ms: 0, told: 0 }));
    played.since ??= performance.now();
  });
  // While it waits for the network nothing is heard; `pause` comes before `ended`.
  listen(signal, document, "pause waiting ended emptied", ({ target, type }) => {
    const played = all.get(target);
    if (!played) return;
    stop(played);
    if (type != "waiting") tell(target, played);
    // Another film in the same place.
    if (type == "emptied") all.delete(target);
  });
  listen(signal, window, "pagehide", () => {
    for (const [element, played] of all) {
      stop(played);
      tell(element, played);
    }
    // The visit heard of the end before we did.
    if (all.size) visit.flush();
  });
};

export default media;
