// What a server does with the package: everything, and nothing may come of it. Prints what it touched.

const touched = new Set();
const names = () => new Set([...Reflect.ownKeys(globalThis)].map(String));
const BROWSER = ["window", "document", "location", "navigator", "localStorage", "sessionStorage", "indexedDB",
  "history", "screen", "XMLHttpRequest", "HTMLElement", "customElements", "addEventListener"];
for (const name of BROWSER) {
  const get = () => void touched.add(name);
  // Whatever Node has under this name counts as much as what it has not.
  Object.defineProperty(globalThis, name, { configurable: true, get });
}
const before = names();
const open = process.argv[2];
const { init } = await import(open);
const visit = init({ collector: "https://collector.example/v1/batch" });
visit.page();
visit.track("signup", { plan: "pro" });
visit.purchase({ transaction_id: "T-1", value: 1, currency: "EUR" });
visit.identify("customer-1");
visit.set({ a: 1 });
visit.consent("granted");
visit.on("audience", () => {})();
await visit.flush();
const { here } = await visit.forget();
visit.reset();
visit.stop();
const said = { audience: visit.audience, settled: visit.summary().settled, explained: visit.explain().length, here };
const come = [...names()].filter((name) => !before.has(name));
console.log(JSON.stringify({ said, touched: [...touched], come }));
// The browser's entry still waits for an answer that cannot come; a server that takes it is one without conditions.
process.exit();
