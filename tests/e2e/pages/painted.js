// Every audience and stage that this page was ever painted with, from before its body was there.
const root = document.documentElement;
const look = () => [root.getAttribute("data-passerby-audience"), root.getAttribute("data-passerby-stage")].join(" ");
window.painted = [look()];
new MutationObserver(() => {
  if (window.painted.at(-1) !== look()) window.painted.push(look());
}).observe(root, { attributes: true });
