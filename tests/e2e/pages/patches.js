// What Prototype.js did to every page: arrays that turn into strings, and a JSON.stringify of its own.
Array.prototype.toJSON = function () {
  return "[" + this.join(",") + "]";
};
String.prototype.toJSON = function () {
  return "patched";
};
JSON.stringify = function () {
  throw new Error("JSON.stringify is not what it was");
};
