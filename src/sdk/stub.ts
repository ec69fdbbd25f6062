/** Inlined by sites that call `passerby(...)` before the script has arrived: keeps the calls, and when they were. */

const page = window as any;
// Not whether there is one: an element with this id, or a form of this name, is `window.passerby` too.
if (typeof page.passerby != "function")
  page.passerby = function () {
    (page.passerby.q ||= []).push([performance.now(), arguments]);
  };
