// The visitor leaves. Nothing else goes wrong.

/** The tab goes, its page hears `pagehide`. */
export const close = (page) => page.close();

/** Calls and leaves in the same task. */
const trackAndGo = async (it, page, count, bytes, path) => {
  const from = it.tracked;
  it.tracked += count;
  it.expectView(path);
  await Promise.all([
    page.waitForURL(it.site.url + path),
    page.evaluate(
      ([from, count, bytes, path]) => {
        const pad = "x".repeat(bytes);
        for (let n = from; n < from + count; n++) window.passerby.track("tried", bytes ? { n, pad } : { n });
        location.assign(path);
      },
      [from, count, bytes, path],
    ),
  ]);
};

export const leaving = [
  {
    name: "track, then navigate at once",
    async act(it) {
      await trackAndGo(it, await it.open("/plain/1"), 1, 0, "/plain/2");
    },
  },
  {
    name: "track and navigate in the tag's own task",
    async act(it) {
      it.tracked += 1;
      it.expectView("/plain/2");
      const page = await it.open("/leave/1", { ready: false });
      await page.waitForURL(it.site.url + "/plain/2");
    },
  },
  {
    name: "50 calls, tab closed",
    async act(it) {
      const page = await it.open("/plain/1");
      await it.track(page, 50);
      await close(page);
    },
  },
  {
    name: "1,000 calls of 1 KB, then away",
    async act(it) {
      const page = await it.open("/plain/1");
      await page.waitForFunction(() => window.passerby.summary().settled);
      await trackAndGo(it, page, 1000, 1024, "/plain/2");
    },
  },
  {
    // As much as a page may leave behind whose database is not yet open.
    name: "400 calls of 1 KB in a new page, then away",
    async act(it) {
      await trackAndGo(it, await it.open("/plain/1"), 400, 1024, "/plain/2");
    },
  },
];
