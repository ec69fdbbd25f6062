// Elements from words: text never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** `h("a.buy", { href }, "Buy")`: a tag and classes, attributes or `on…` listeners, and what is inside. */
export function h(what, attributes = {}, ...inside) {
  const [tag, ...classes] = what.split(".");
  return filled(document.createElement(tag), classes, attributes, inside);
}

const drawn = (tag, attributes, ...inside) => filled(document.createElementNS(SVG, tag), [], attributes, inside);

function filled(element, classes, attributes, inside) {
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.flat().filter((part) => part !== undefined && part !== false));
  return element;
}

const box = { lantern: "0 0 200 200", scene: "0 0 1200 460", row: "0 0 640 210" };

/** A drawing of /art.svg. Without a label it is decoration. */
export function art(id, { label, kind = "art" } = {}) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  const shape = { viewBox: box[id] ?? box.lantern, preserveAspectRatio: "xMidYMax slice" };
  const use = drawn("use", { href: `/art.svg#${id}` });
  return drawn("svg", { class: kind, ...shape, ...said }, use);
}

/** The same thing said to users, potential customers and customers. Which one shows is up to CSS alone. */
export const spoken = (tag, user, potential, customer) => [
  h(`${tag}.for-user`, {}, user),
  h(`${tag}.for-potential`, {}, potential),
  h(`${tag}.for-customer`, {}, customer),
];
