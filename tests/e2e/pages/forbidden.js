// At once after the tag, before any other engine can be there.
passerby.track("at_once", { way: "method", list: ["a", { b: 1 }] });
passerby("track", "at_once_too");
window.firstSummary = passerby.summary();
