/** Where webhooks arrive in tests: a real server that keeps what came, and answers as it is told. */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { Client, Reply } from "./client.ts";

export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte. */
  readonly raw: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly arrived: readonly Arrival[];
  /** The statuses of the next answers; then 200. */
  readonly answers: (number | Promise<number>)[];
  /** Resolves once this many have arrived, with all of them. */
  arrivals(count: number): Promise<readonly Arrival[]>;
  /** Drops every connection and listens no more. */
  close(): Promise<void>;
}

const opened: WebhookReceiver[] = [];

afterEach(async () => {
  for (const receiver of opened.splice(0)) await receiver.close();
});

/** A receiver that ends with the test. */
export const openReceiver = async (path = "/hooks?from=provider"): Promise<WebhookReceiver> => {
  const arrived: Arrival[] = [];
  const answers: (number | Promise<number>)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const answer = answers.shift() ?? 200;
    const { method = "", url = "", headers } = request;
    arrived.push({ method, path: url, headers, raw, body: JSON.parse(raw.toString()) });
    server.emit("arrival");
    response.writeHead(await answer).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    arrived,
    answers,
    arrivals: async (count) => {
      while (arrived.length < count) await once(server, "arrival");
      return arrived;
    },
    close: async () => {
      const closed = server.listening ? once(server, "close") : undefined;
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  opened.push(receiver);
  return receiver;
};

export const register = (client: Client, provider: string, receiver: object): Promise<Reply> =>
  client.call("POST", "/_sandbox/webhooks", { body: { provider, ...receiver } });

export interface DeliveryView {
  readonly provider: string;
  readonly event: string;
  readonly reference: string;
  readonly attempts: number;
  readonly status: string;
  readonly answer?: number | string;
}

export const deliveries = async (client: Client): Promise<DeliveryView[]> =>
  (await client.call("GET", "/_sandbox/webhooks")).body.deliveries;

/** Turns any provider's switch. */
export const turn = async (client: Client, provider: string, name: string, value: string | number): Promise<void> => {
  const { status, text } = await client.call("POST", "/_sandbox/switches", { body: { provider, switch: name, value } });
  if (status !== 200) throw new Error(text);
};
