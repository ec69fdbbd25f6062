// What each Rust module costs in a wasm that still has its name section.

const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
const DATA = 11;

/** Bytes of code per module path, largest first. */
export function costs(bytes) {
  const found = sections(bytes);
  const imported = importedFunctions(found.get(IMPORT));
  const names = functionNames(found.get("name"));
  const groups = new Map();
  let code = 0;
  for (const [index, size] of [...bodies(found.get(CODE))].entries()) {
    const module = modulePath(names.get(imported + index) ?? "(no name)");
    const group = groups.get(module) ?? { module, bytes: 0, functions: 0 };
    group.bytes += size;
    group.functions += 1;
    groups.set(module, group);
    code += size;
  }
  const rows = [...groups.values()].sort((one, two) => two.bytes - one.bytes);
  return { rows, code, data: found.get(DATA)?.bytes.length ?? 0 };
}

export const hasNames = (bytes) => sections(bytes).has("name");

/** `passerby::engine::session` of a function in it, from a mangled (legacy or v0) or plain name. */
export function modulePath(name) {
  const parts = name.startsWith("_R") ? v0(name) : /^_?_ZN/.test(name) ? legacy(name) : plain(name);
  if (parts.length < 2) return parts[0] ?? name;
  // Modules are written small; what follows them is a type or the function itself.
  const end = parts.findIndex((part) => !/^[a-z_][a-z0-9_]*$/.test(part));
  const path = parts.slice(0, end < 0 ? parts.length - 1 : Math.min(end, parts.length - 1));
  return path.length > 0 ? path.slice(0, 3).join("::") : "(of generic types)";
}

function legacy(name) {
  const parts = [];
  let rest = name.replace(/^_?_ZN/, "");
  for (let size = /^\d+/.exec(rest); size; size = /^\d+/.exec(rest)) {
    const start = size[0].length;
    parts.push(rest.slice(start, start + Number(size[0])));
    rest = rest.slice(start + Number(size[0]));
  }
  const path = parts.filter((part) => !/^h[0-9a-f]{16}$/.test(part));
  // `_<passerby..engine..Engine as core..fmt..Debug>`: the type says whose code it is.
  const of = /^_?<?(?:\$[A-Z]+\$)*&?([\w.]+)/.exec(path[0] ?? "");
  return path[0]?.startsWith("_$") && of ? [...of[1].split(".."), ...path.slice(1)].filter(Boolean) : path;
}

/** Path identifiers come in reading order: enough to know the module, generics left out. */
function v0(name) {
  const parts = [];
  for (let at = 2; at < name.length && parts.length < 6; ) {
    const rest = name.slice(at);
    const disambiguator = /^s[0-9a-zA-Z]*_/.exec(rest);
    const identifier = /^(\d+)_?/.exec(rest);
    if (disambiguator) at += disambiguator[0].length;
    else if (identifier) {
      const start = at + identifier[0].length;
      parts.push(name.slice(start, start + Number(identifier[1])));
      at = start + Number(identifier[1]);
    } else if (parts.length > 0 && (rest[0] === "E" || rest[0] === "I")) break;
    else at += 1;
  }
  return parts;
}

/** As wasm-bindgen writes it: `<a::b::C as d::E>::f::h0123456789abcdef`, or with crates as `a[0123456789abcdef]`. */
function plain(name) {
  const hashless = name.replace(/::h[0-9a-f]{16}$/, "").replace(/\[[0-9a-f]{8,16}\]/g, "");
  const bare = hashless.replace(/^[<&(*\[]+(mut |dyn |const )?/, "");
  return bare.split(/ as |[<>\[\](){}, ]/)[0].split("::");
}

/** Section id (or a custom section's name) to a reader over its contents. */
function sections(bytes) {
  const found = new Map();
  const all = new Reader(bytes, 8);
  while (!all.done()) {
    const id = all.byte();
    const body = new Reader(all.take(all.number()));
    if (id === CUSTOM) found.set(body.text(), body);
    else found.set(id, body);
  }
  return found;
}

function importedFunctions(reader) {
  let functions = 0;
  for (let left = reader?.number() ?? 0; left > 0; left -= 1) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) functions += 1;
    skipImport(reader, kind);
  }
  return functions;
}

function skipImport(reader, kind) {
  if (kind === 0) reader.number();
  else if (kind === 3) reader.take(2);
  else {
    if (kind === 1) reader.byte();
    const limits = reader.byte();
    reader.number();
    if (limits & 1) reader.number();
  }
}

function* bodies(reader) {
  for (let left = reader?.number() ?? 0; left > 0; left -= 1) {
    const size = reader.number();
    reader.take(size);
    yield size;
  }
}

function functionNames(reader) {
  const names = new Map();
  while (reader && !reader.done()) {
    const kind = reader.byte();
    const part = new Reader(reader.take(reader.number()));
    // Subsection 1 names functions; the others name modules, locals and so on.
    for (let left = kind === 1 ? part.number() : 0; left > 0; left -= 1) names.set(part.number(), part.text());
  }
  return names;
}

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  done() {
    return this.at >= this.bytes.length;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** LEB128, unsigned. */
  number() {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }
  take(length) {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }
  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
}
