/** What the browser says for its owner. */

import { In } from "../codes";
import type { Feed } from "../engine";

/** Global Privacy Control or Do Not Track; asked again at each flush, for both can be switched. */
export function signals(feed: Feed): void {
  const { globalPrivacyControl, doNotTrack } = navigator as any;
  feed(In.Signal, +!!(globalPrivacyControl || doNotTrack == "1"));
}

/** What tells a phone from a desktop, where an iPad calls itself a Mac with fingers; and a person from a program. */
export function device(feed: Feed): void {
  const { userAgent, maxTouchPoints, language, webdriver } = navigator;
  feed(In.Device, maxTouchPoints, language, webdriver ? userAgent + " webdriver" : userAgent);
}
