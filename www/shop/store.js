// What the shop itself remembers, in this browser: cart, orders, accounts. Passerby reads none of it.

const KEY = "window-and-till";
const EMPTY = { cart: {}, orders: [], accounts: [], in: null };

// Storage may be forbidden, or hold what nobody can read: the shop then forgets with the page.
let memory = "{}";

function read() {
  try {
    return localStorage.getItem(KEY) ?? "{}";
  } catch {
    return memory;
  }
}

/** Read anew each time, for another tab may have changed it. */
export function stored() {
  try {
    return { ...EMPTY, ...JSON.parse(read()) };
  } catch {
    return { ...EMPTY };
  }
}

export function store(changes) {
  memory = JSON.stringify({ ...stored(), ...changes });
  try {
    localStorage.setItem(KEY, memory);
  } catch {}
}
