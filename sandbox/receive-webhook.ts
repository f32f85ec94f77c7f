/** `POST /_sandbox/receiver`: an address to register as a webhook endpoint. `?name=` makes one of several. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "./answer-control.ts";
import { deliver } from "./deliver.ts";
import type { Incoming } from "./dispatch.ts";
import type { Inbox } from "./inbox.ts";
import { DEFAULT_NAME } from "./inbox.ts";

const RECEIVER_PATH = "/_sandbox/receiver";

export const isWebhookForUs = ({ method, path }: Incoming): boolean => method === "POST" && path === RECEIVER_PATH;

export const receiveWebhook = (
  inbox: Inbox,
  { search, headers, text }: Incoming,
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void => {
  const name = new URLSearchParams(search).get("name") ?? DEFAULT_NAME;
  const { status, delayMs, retryAfter } = inbox.take(name, headers, text);
  const answer = json(status, { received: true }, retryAfter === undefined ? {} : { "retry-after": retryAfter });
  const delivery = { kind: "answer", answer, ...(delayMs > 0 && { afterMs: delayMs }) } as const;
  deliver(exchange, delivery, { onAnswer: () => {}, onOver: () => {} });
};
