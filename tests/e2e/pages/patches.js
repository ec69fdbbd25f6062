// What Prototype.js did to every page: arrays and strings that turn themselves into JSON.
Array.prototype.toJSON = function () {
  return "[" + this.join(",") + "]";
};
String.prototype.toJSON = function () {
  return "patched";
};
