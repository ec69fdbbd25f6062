/** Options as the engine reads them, and where batches go. */

import type { Options } from "./types";

/**
 * `key=value` lines, the site, the collector's address (resolved; empty when there is none), what is wrong with the one
 * that was given, and whether it is a Passerby collector.
 */
export type Settled = [lines: string, site: string, url: string, mistake: string, ours: boolean];

/** On one line; a list with commas, what an object says of traits as one rule. */
const line = (value: any): string => {
  if (Array.isArray(value)) return value.map(line).join();
  const text = value == null ? "" : String(value);
  if (text == "[object Object]") return Object.entries(value).map((pair) => pair.join("=")).join("&");
  return text.replace(/[\r\n]+/g, " ");
};

/** A switch, as a tag (`data-debug`) or a program (`debug: true`) sets it. */
export const isOn = (option: unknown): boolean => option != null && String(option) != "false";

/**
 * Lists become comma lists, switches 1 or nothing. Unknown names pass: the engine ignores them, and a tag's `data-*`
 * has them anyway.
 */
export function settle(options: Options): Settled {
  const { collector } = options;
  const format = line(options.format) || "native";
  const site = line(options.site) || location.hostname || "local";
  let url = "";
  let mistake = "";
  if (collector) {
    try {
      // Against the document and now: a later <base> must not redirect anybody's data.
      const { href } = new URL(collector, location.href);
      // "collector.example/v1/batch" would be a file beside the page, whose server may well say 200.
      if (/^https?:/.test(href) && !/^[^./][^/:]*\./.test(collector)) url = href;
    } catch {}
    if (!url) mistake = `collector "${line(collector)}" is no http(s) address; nothing is sent`;
    else if (!FORMATS && !/^(native|ndjson)$/.test(format)) {
      mistake = `format ${format} needs passerby.all.js; nothing is sent`;
      url = "";
    }
  }
  // The engine need not know where, only whether.
  const all: Record<string, unknown> = { ...options, site, collector: !!url, collectorError: mistake || undefined };
  if (FORMATS) all.url = url;
  const lines = Object.entries(all).map(([name, value]) => {
    if (!isOn(value) || (FORMATS && name == "key" && !line(value).trim())) return "";
    // As people write lists: `purchase, view_item >= 3`, over several lines.
    if (/When|ions|Params/.test(name)) return name + "=" + line(value).replace(/ *([,&<>=]+) */g, "$1").trim();
    const text = value === true || value === "" ? "1" : line(value);
    return name + "=" + text;
  });
  return [lines.join("\n"), site, url, mistake, format == "native" && !options.transform];
}
