// A ClickHouse server of the test's own: on loopback, in a temporary folder, ended with the test.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../e2e/harness/collector.mjs";
import { until } from "../e2e/harness/until.mjs";

export async function startClickHouse(t) {
  const folder = mkdtempSync(join(tmpdir(), "passerby-clickhouse-"));
  const [http, tcp, between] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, "users.xml"), USERS);
  const config = join(folder, "config.xml");
  writeFileSync(config, settings({ folder, http, tcp, between }));
  const child = spawn(process.env.CLICKHOUSE, [`--config-file=${config}`], { cwd: folder });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  child.on("error", (error) => (said += error.message));
  t.after(async () => {
    const ended = new Promise((resolve) => child.on("exit", resolve));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${http}`;
  const answers = async () => (await fetch(`${url}/ping`)).ok;
  await until("ClickHouse answers", answers, { seconds: 60, onFailure: () => said });
  return { url, query: (sql) => query(url, sql) };
}

/** The answer as text; what ClickHouse refuses is an error in its own words. */
async function query(url, sql) {
  const answer = await fetch(url, { method: "POST", body: sql });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

const settings = ({ folder, http, tcp, between }) => `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${between}</interserver_http_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
  <users_config>${folder}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>5368709120</mark_cache_size>
</yandex>`;

const USERS = `<yandex>
  <profiles><default/></profiles>
  <users><default>
    <password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default/></quotas>
</yandex>`;
