/** What the browser says for its owner. */

import { In } from "../codes";
import type { Feed } from "../engine";

/** Global Privacy Control or Do Not Track; asked again at each flush, for both can be switched. */
export const signalled = () => {
  const { globalPrivacyControl, doNotTrack } = navigator as any;
  return globalPrivacyControl || doNotTrack == "1";
};

export const signals = (feed: Feed): void => feed(In.Signal, +!!signalled());

/** What tells a phone from a desktop, where an iPad calls itself a Mac with fingers; and a person from a program. */
export function device(feed: Feed): void {
  const { userAgent, maxTouchPoints, language, webdriver } = navigator;
  feed(In.Device, maxTouchPoints, language, webdriver ? userAgent + " webdriver" : userAgent);
}
