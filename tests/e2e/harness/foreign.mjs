// Somebody else's collector, as far as a page can tell: takes anything on a loopback port and keeps what arrived.

import { createServer } from "node:http";

/** `answer(request)` gives `{status, body}`; default 200 and an empty object. */
export async function startForeign(answer = () => ({})) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const got = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    requests.push(got);
    const { status = 200, body = "{}" } = request.method === "OPTIONS" ? { status: 204, body: "" } : answer(got);
    response.writeHead(status, {
      "access-control-allow-origin": request.headers.origin ?? "*",
      // Other systems' own libraries send more than ours does.
      "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "content-type",
      "access-control-allow-credentials": "true",
      "content-type": "application/json",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    /** What was sent to be kept, without what browsers ask first. */
    posts: () => requests.filter(({ method }) => method === "POST"),
    preflights: () => requests.filter(({ method }) => method === "OPTIONS"),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
