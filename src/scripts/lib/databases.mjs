// ClickHouse in two ages, for tests: found, else installed, else one sentence about what to do. Debian's server is of
// 2018 and the only one that a package registry has; today's is inside chDB, which takes the same rows in process.

import { existsSync } from "node:fs";
import { debian } from "./browser.mjs";
import { at } from "./root.mjs";
import { must, run, which } from "./run.mjs";
import { Failure, say } from "./say.mjs";

const CHDB = "4.2.0";
const VENV = at(".tools", "chdb");
const PYTHON = at(".tools", "chdb", "bin", "python");
const SERVER = ["/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"];

/** The environment that tests/oracles takes: where the server is, and a Python that has chDB. */
export async function databases() {
  return { CLICKHOUSE: await server(), CHDB: await chdb() };
}

async function server() {
  const found = () => process.env.CLICKHOUSE ?? which("clickhouse-server") ?? SERVER.find(existsSync);
  if (!found() && debian() && process.getuid?.() === 0) {
    say("installing clickhouse-server with apt-get");
    // A runlevel at which nothing is started: the tests start their own, on a port of their own.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "clickhouse-server"], { env });
  }
  if (found()) return found();
  throw new Failure("No ClickHouse server: install Debian's clickhouse-server, or set CLICKHOUSE to its path.");
}

/** In an environment of its own under .tools: it brings 900 MB. */
async function chdb() {
  if (process.env.CHDB) return process.env.CHDB;
  const has = await run(PYTHON, ["-c", "import chdb; print(chdb.__version__)"], { output: "capture" });
  if (has.out.trim() === CHDB) return PYTHON;
  const python = which("python3");
  const either = "or set CHDB to a Python that can import chdb";
  if (!python) throw new Failure(`chDB needs Python 3: install python3 and python3-venv, ${either}.`);
  say(`installing chDB ${CHDB}, once (900 MB)`);
  await must(python, ["-m", "venv", VENV], `Python cannot make an environment: install python3-venv, ${either}.`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `chdb==${CHDB}`];
  await must(PYTHON, pip, `chDB ${CHDB} cannot be installed; pip's message is above. Install it, ${either}.`);
  return PYTHON;
}
