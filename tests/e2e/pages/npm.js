// The package as a bundler would serve it; twice, as components do.
import { init } from "/dist/index.js";

const { content: collector } = document.querySelector("meta[name=collector]");
window.passerby = init({ collector, site: "npm" });
window.same = init({ collector, site: "npm" }) === window.passerby;
window.passerby.track("sign_up");
