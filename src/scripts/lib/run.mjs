// Running other programs.

import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { root } from "./root.mjs";
import { Failure } from "./say.mjs";

/**
 * Runs a program to its end. Output goes to the terminal, is captured, or both (`tee`).
 * Never rejects: a program that cannot be started is code 127 with the reason as its output.
 */
export function run(command, args, { env = {}, output = "inherit", cwd = root } = {}) {
  // npm and npx are scripts on Windows, which only a shell can start.
  const shell = process.platform === "win32" && /^np[mx]$/.test(command);
  const stdio = output === "inherit" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio, shell, env: { ...process.env, ...env } });
    let out = "";
    const take = (stream, to) =>
      stream?.on("data", (bytes) => {
        out += bytes;
        if (output === "tee") to.write(bytes);
      });
    take(child.stdout, process.stdout);
    take(child.stderr, process.stderr);
    child.on("error", (error) => resolve({ code: 127, out: String(error.message) }));
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 130 : 1), out }));
  });
}

/** As `run`, but anything except success ends the script with this sentence. */
export async function must(command, args, sentence, options) {
  const { code, out } = await run(command, args, options);
  if (code !== 0) throw new Failure(options?.output === "capture" ? `${sentence}\n${out.trim()}` : sentence);
  return out;
}

/** The first of these programs that is on PATH (or exists, when given as a path). */
export function which(...names) {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const name of names) {
    const folders = isAbsolute(name) ? [""] : (process.env.PATH ?? "").split(delimiter);
    for (const folder of folders) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (executable(path)) return path;
      }
    }
  }
  return undefined;
}

export function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
