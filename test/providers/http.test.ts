/** HTTP to providers, against real servers: what surely was not sent, what is in doubt, and that nothing is sent twice. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpRequest, httpClient } from "../../lib/providers/http.ts";
import { answer, closedPort, neverAnswer, type Reaction, reset, startWireServer } from "./wire-server.ts";

/** Longer than any local answer takes, except where a test waits for its end. */
const patientMs = 5_000;
const impatientMs = 150;

/** No package can bring it: a machine has it or not. */
const opensslCommand = "openssl";

function post(url: string, timeoutMs = patientMs): HttpRequest {
  return { method: "POST", url, headers: { "content-type": "application/json" }, body: '{"amount":100.00}', timeoutMs };
}

function get(url: string, timeoutMs = patientMs): HttpRequest {
  return { method: "GET", url, headers: {}, timeoutMs };
}

describe("an answer", () => {
  test.each([200, 201, 400, 401, 403, 404, 405, 429, 500, 502, 503])("with status %d is an answer", async (status) => {
    const { url } = await startWireServer(answer(status, "some words"));
    expect(await httpClient(post(url))).toStrictEqual({ kind: "answered", status, text: "some words" });
  });

  test("without a body is an empty text", async () => {
    const { url } = await startWireServer(answer(401));
    expect(await httpClient(post(url))).toStrictEqual({ kind: "answered", status: 401, text: "" });
  });

  test("comes with its digits and letters untouched, wherever it is cut into packets", async () => {
    const text = '{"id":9007199254740993,"name":"Zoë 🐢","amount":19.90}';
    const bytes = Buffer.from(text);
    const byteByByte: Reaction = (socket) => {
      socket.setNoDelay(true);
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      const sendFrom = (place: number) => {
        if (place < bytes.length) socket.write(bytes.subarray(place, place + 1), () => sendFrom(place + 1));
      };
      sendFrom(0);
    };
    const { url } = await startWireServer(byteByByte);
    expect(await httpClient(post(url))).toStrictEqual({ kind: "answered", status: 200, text });
  });

  test("keeps letters of several bytes that lie across two packets", async () => {
    // Packets of any power of two of bytes cut some of these letters, which have three.
    const text = "€".repeat(300_000);
    const { url } = await startWireServer(answer(200, text));
    expect(await httpClient(post(url))).toStrictEqual({ kind: "answered", status: 200, text });
  });

  test("of one mebibyte is read", async () => {
    const text = "x".repeat(1_048_576);
    const { url } = await startWireServer(answer(200, text));
    expect(await httpClient(post(url))).toStrictEqual({ kind: "answered", status: 200, text });
  });
});

describe("a request", () => {
  test("arrives as it was given, once", async () => {
    const server = await startWireServer(answer(200, "{}"));
    await httpClient({
      method: "POST",
      url: `${server.url}/a/b?c=d%20e`,
      headers: { accept: "application/json", "x-one": "1" },
      body: '{"amount":100.00,"name":"Zoë"}',
      timeoutMs: patientMs,
    });
    expect(server.requests.length).toBe(1);
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      target: "/a/b?c=d%20e",
      headers: { accept: "application/json", "x-one": "1", "content-length": "31" },
      body: '{"amount":100.00,"name":"Zoë"}',
    });
  });

  test("goes over a connection of its own, even though the server would keep it open", async () => {
    const server = await startWireServer(answer(200, "{}"));
    for (let n = 0; n < 3; n++) await httpClient(post(server.url));
    await Promise.all([httpClient(get(server.url)), httpClient(get(server.url))]);
    expect(server.connections()).toBe(5);
    for (const { headers } of server.requests) expect(headers["connection"]).toBe("close");
  });

  test.each([307, 308, 301, 302, 303])("is not carried to another address by a %d", async (status) => {
    const other = await startWireServer(answer(200, "{}"));
    const server = await startWireServer(answer(status, "", { location: `${other.url}/elsewhere` }));
    expect(await httpClient(post(server.url))).toStrictEqual({ kind: "answered", status, text: "" });
    expect(server.requests.length).toBe(1);
    expect(other.connections()).toBe(0);
  });

  test.each([408, 413, 429, 500, 502, 503, 504])(
    "is never made again after a %d, whatever it asks for",
    async (status) => {
      const server = await startWireServer(answer(status, "", { "retry-after": "0" }));
      await httpClient(post(server.url));
      await httpClient(get(server.url));
      expect(server.requests.map(({ method }) => method)).toStrictEqual(["POST", "GET"]);
      expect(server.connections()).toBe(2);
    },
  );

  test("is never made again after a reset", async () => {
    const server = await startWireServer(reset, answer(200, "{}"));
    await httpClient(post(server.url));
    const again = await startWireServer(reset, answer(200, "{}"));
    await httpClient(get(again.url));
    expect([server.connections(), again.connections()]).toStrictEqual([1, 1]);
  });
});

describe("surely not sent", () => {
  test("is a request whose connection was refused", async () => {
    const exchange = await httpClient(post(`http://127.0.0.1:${await closedPort()}`));
    expect(exchange).toStrictEqual({ kind: "not-sent", detail: "ECONNREFUSED" });
  });

  test("is a request whose connection was refused at each address of the name", async () => {
    const exchange = await httpClient(post(`http://localhost:${await closedPort()}`));
    expect(exchange).toStrictEqual({ kind: "not-sent", detail: "ECONNREFUSED" });
  });

  test("is a request to a name that does not exist", async () => {
    const exchange = await httpClient(post("http://does-not-exist.invalid"));
    // A machine without a name server says "try again" (EAI_AGAIN) instead of "not found".
    expect(exchange.kind).toBe("not-sent");
    expect(exchange).toHaveProperty("detail", expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/));
  });
});

describe("in doubt", () => {
  test("is a request whose connection was reset before the answer", async () => {
    const server = await startWireServer(reset);
    expect(await httpClient(post(server.url))).toMatchObject({ kind: "in-doubt" });
    expect(server.requests.length).toBe(1);
  });

  test("is a request whose connection was closed before the answer", async () => {
    const { url } = await startWireServer((socket) => socket.end());
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("is a request without an answer in time", async () => {
    const { url } = await startWireServer(neverAnswer);
    expect(await httpClient(post(url, impatientMs))).toStrictEqual({
      kind: "in-doubt",
      detail: "no answer within 150 ms",
    });
  });

  test("is a request whose answer begins in time and does not end in time", async () => {
    const trickle: Reaction = (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 10);
      socket.on("close", () => clearInterval(timer));
    };
    const { url } = await startWireServer(trickle);
    expect(await httpClient(post(url, impatientMs))).toStrictEqual({
      kind: "in-doubt",
      detail: "no answer within 150 ms",
    });
  });

  test("is a request whose answer breaks off, though its status was 200", async () => {
    const { url } = await startWireServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"isSuccess":true');
    });
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("is a request whose answer is reset half way", async () => {
    const { url } = await startWireServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"isSuccess":true', () => socket.resetAndDestroy());
    });
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("is a request whose answer is longer than one mebibyte", async () => {
    const { url } = await startWireServer(answer(200, "x".repeat(1_048_577)));
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("is a request whose answer is longer than one mebibyte once unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000));
    const { url } = await startWireServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`);
      socket.write(packed);
    });
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("is a request that is answered with something else than HTTP", async () => {
    const { url } = await startWireServer((socket) => socket.end("220 mail.example ESMTP\r\n"));
    expect(await httpClient(post(url))).toMatchObject({ kind: "in-doubt" });
  });

  test("never says what was sent, nor with which credentials", async () => {
    for (const reaction of [reset, neverAnswer]) {
      const { url } = await startWireServer(reaction);
      const request = { ...post(`${url}/hunter2`, impatientMs), headers: { authorization: "Bearer hunter2" } };
      expect(JSON.stringify(await httpClient(request))).not.toMatch(/hunter2|amount/);
    }
  });
});

describe.skipIf(!hasOpenssl())("a server whose certificate nobody vouches for", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "moneyback-tls-"));
  const requested: string[] = [];
  const servers: Server[] = [];
  let url = "";

  beforeAll(async () => {
    const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
    execFileSync(opensslCommand, ["req", "-x509", "-days", "2", ...pair, ...subject], { stdio: "ignore" });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      requested.push(request.url ?? "");
      response.end("{}");
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test("gets nothing: the request is surely not sent", async () => {
    expect(await httpClient(post(url))).toStrictEqual({
      kind: "not-sent",
      detail: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(requested).toStrictEqual([]);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync(opensslCommand, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
