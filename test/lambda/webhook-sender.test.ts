/** Facts about sending a webhook: over real sockets, to the address that was checked, and to no other. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type SenderOptions, webhookSender } from "../../lib/lambda/webhook-sender.ts";

interface Closable {
  close(): unknown;
  closeAllConnections?(): void;
}

const opened: Closable[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});

interface Arrival {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A receiver on this machine, and what came to it. */
async function receiver(answer: (response: ServerResponse) => void = (response) => response.end()) {
  const arrived: Arrival[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method, url, headers } = request;
    arrived.push({ method, url, headers, body });
    answer(response);
  });
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { arrived, port, url: `http://127.0.0.1:${port}/hooks` };
}

const send = (url: string, options: Partial<SenderOptions> = {}) =>
  webhookSender({ allowsPrivate: true, ...options })({
    url,
    headers: { "content-type": "application/json", "webhook-id": "txn_1_2" },
    body: '{"a":"€"}',
  });

describe("a webhook", () => {
  test("is one POST of the body as it is, with the headers given, and the answer's status is told", async () => {
    const { arrived, url } = await receiver((response) => response.writeHead(202).end("thanks"));
    expect(await send(`${url}?tenant=1`)).toEqual({ kind: "answered", status: 202 });
    expect(arrived).toMatchObject([
      {
        method: "POST",
        url: "/hooks?tenant=1",
        body: '{"a":"€"}',
        headers: { "content-length": "11", "webhook-id": "txn_1_2", "content-type": "application/json" },
      },
    ]);
  });

  test("follows no redirect", async () => {
    const other = await receiver();
    const { url } = await receiver((response) => response.writeHead(307, { location: other.url }).end());
    expect(await send(url)).toEqual({ kind: "answered", status: 307 });
    expect(other.arrived).toEqual([]);
  });

  test("tells of Retry-After", async () => {
    const { url } = await receiver((response) => response.writeHead(429, { "retry-after": "7" }).end());
    expect(await send(url)).toEqual({ kind: "answered", status: 429, retryAfter: "7" });
  });

  test("waits for an answer so long, and no longer", async () => {
    const { url } = await receiver(() => {});
    expect(await send(url, { timeoutMs: 60 })).toEqual({ kind: "unanswered", error: "timeout" });
  });

  test("waits for a name so long, and no longer", async () => {
    const resolve = () => new Promise<never>(() => {});
    const answer = await send("http://receiver.example.com/", { timeoutMs: 60, resolve });
    expect(answer).toEqual({ kind: "unanswered", error: "timeout" });
  });

  test("is answered by the status, though the body never ends", async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200).write("x".repeat(200_000));
    });
    expect(await send(url)).toEqual({ kind: "answered", status: 200 });
  });
});

describe("no answer", () => {
  test("of a port where nobody listens is told in a word", async () => {
    expect(await send("http://127.0.0.1:1/")).toEqual({ kind: "unanswered", error: "refused" });
  });

  test.each([
    ["a reset", "reset", (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
    ["something other than HTTP", "not-http", (socket: { end(text: string): void }) => socket.end("SSH-2.0-x\r\n\r\n")],
  ])("but %s is told in a word", async (_name, error, act) => {
    const server = createSocketServer((socket) => void socket.once("data", () => act(socket)).on("error", () => {}));
    opened.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    expect(await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).toEqual({
      kind: "unanswered",
      error,
    });
  });

  test("of a name that leads nowhere is told in a word", async () => {
    const resolve = () => Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
    const answer = await send("http://receiver.example.com/", { resolve });
    expect(answer).toEqual({ kind: "unanswered", error: "name-not-found" });
  });

  test("of a server without a certificate is told in a word", async () => {
    const { port } = await receiver();
    const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
    const answer = await send(`https://receiver.example.com:${port}/`, { resolve });
    expect(answer).toEqual({ kind: "unanswered", error: "tls" });
  });
});

describe("an address inside", () => {
  const notAllowed = { kind: "unanswered", error: "address-not-allowed" };
  const careful = { allowsPrivate: false };

  test.each([
    ["loopback", ["127.0.0.1"]],
    ["IPv6 loopback", ["::1"]],
    ["metadata", ["169.254.169.254"]],
    ["mapped", ["::ffff:127.0.0.1"]],
    ["a public one beside it", ["8.8.8.8", "127.0.0.1"]],
    ["nothing at all", []],
  ])("that a public name leads to is not called: %s", async (_name, addresses) => {
    const { arrived, port } = await receiver();
    const resolve = async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    expect(await send(`https://receiver.example.com:${port}/`, { ...careful, resolve })).toEqual(notAllowed);
    expect(arrived).toEqual([]);
  });

  test.each(["https://127.0.0.1", "https://2130706433", "https://[::ffff:127.0.0.1]", "https://[::1]"])(
    "is not called by its own name: %s",
    async (origin) => {
      const { arrived, port } = await receiver();
      expect(await send(`${origin}:${port}/`, careful)).toEqual(notAllowed);
      expect(arrived).toEqual([]);
    },
  );

  test("is not called without TLS either, whatever was registered", async () => {
    const resolve = async () => [{ address: "8.8.8.8", family: 4 }];
    const answer = await send("http://receiver.example.com/", { ...careful, resolve });
    expect(answer).toEqual({ kind: "unanswered", error: "not-https" });
  });
});

describe("a name", () => {
  test("is resolved once, and the connection goes to the address that was checked", async () => {
    const { arrived, port } = await receiver();
    const asked: string[] = [];
    // A second question would be answered with an address where nobody is.
    const resolve = async (host: string) => {
      asked.push(host);
      return [{ address: asked.length === 1 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
    };
    expect(await send(`http://receiver.example.com:${port}/`, { resolve })).toEqual({ kind: "answered", status: 200 });
    expect(asked).toEqual(["receiver.example.com"]);
    expect(arrived[0]?.headers.host).toBe(`receiver.example.com:${port}`);
  });
});
