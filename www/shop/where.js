// Addresses: the same pages stand at / one by one, and at /app/ in a single one.

const { base = "" } = document.body.dataset;

export const href = (path) => base + path;

/** In the twin the router takes the place of the browser. */
export const way = { go: (address) => location.assign(address) };

export const go = (path) => way.go(href(path));
