/** A provider made of bare TCP: it keeps every byte that a client sends and answers with the bytes it is told. */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";

/** One request as it came over the wire. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, as written. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded from UTF-8; otherwise untouched. */
  readonly body: string;
}

/** What to do with a connection once a whole request has been read from it. */
export type Reaction = (socket: Socket, request: RecordedRequest) => void;

export interface WireServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** How many connections were opened, whether or not a request came over them. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const opened: WireServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

/** Listens on a free port until the test ends. Each request gets the next reaction; the last one repeats. */
export async function startWireServer(...reactions: readonly Reaction[]): Promise<WireServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // The client may break off; that is often the point.
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const request = readRequest(received);
      if (!request) return;
      received = Buffer.alloc(0);
      const reaction = reactions[Math.min(requests.length, reactions.length - 1)];
      requests.push(request);
      reaction?.(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const started: WireServer = {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  opened.push(started);
  return started;
}

/** A port on which nobody listens: taken, and given back. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Answers with a status and a body, and closes the connection only if `headers` says so. */
export function answer(status: number, body = "", headers: Readonly<Record<string, string>> = {}): Reaction {
  const length = Buffer.byteLength(body);
  const lines = Object.entries({ "content-length": `${length}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return (socket) => {
    socket.write(`HTTP/1.1 ${status} Status\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  };
}

/** Answers 200 with a JSON text, which may hold numbers that a JavaScript value cannot. */
export function answerJson(text: string, status = 200): Reaction {
  return answer(status, text, { "content-type": "application/json; charset=utf-8" });
}

export const neverAnswer: Reaction = () => {};

export const reset: Reaction = (socket) => socket.resetAndDestroy();

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
  return address.port;
}

/** The request in the bytes, or undefined where its headers or body are not all there yet. */
function readRequest(bytes: Buffer): RecordedRequest | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  if (body.length < Number(headers["content-length"] ?? 0)) return undefined;
  return { method, target, headers, body: body.toString("utf8") };
}
