/** Inlined by sites that call `passerby(...)` before the script has arrived: keeps the calls, and when they were. */

const page = window as any;
page.passerby ||= function () {
  (page.passerby.q ||= []).push([performance.now(), arguments]);
};
