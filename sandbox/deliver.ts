/** Sends what was decided over the wire: an answer, now or later; nothing for long; or a TCP reset. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./provider.ts";

export type Delivery =
  | { readonly kind: "answer"; readonly answer: Answer; readonly afterMs?: number }
  | { readonly kind: "silence"; readonly forMs: number }
  | { readonly kind: "reset" };

export interface DeliveryWatch {
  /** The answer is handed over; never, if the client has gone before. */
  readonly onAnswer: (status: number) => void;
  /** The answer has left, or is lost. */
  readonly onOver: () => void;
}

export const deliver = (
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  delivery: Delivery,
  { onAnswer, onOver }: DeliveryWatch,
): void => {
  const send = (answer: Answer): void => {
    if (response.destroyed) return;
    onAnswer(answer.status);
    write(response, answer);
  };
  switch (delivery.kind) {
    case "answer":
      if (response.closed) onOver();
      else response.once("close", onOver);
      if (delivery.afterMs === undefined) send(delivery.answer);
      else wait(response, delivery.afterMs, () => send(delivery.answer));
      return;
    case "silence":
      wait(response, delivery.forMs, () => request.socket.destroy());
      onOver();
      return;
    case "reset":
      request.socket.resetAndDestroy();
      onOver();
  }
};

export const write = (response: ServerResponse, { status, headers = {}, body }: Answer): void => {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
};

/** A timer that does not outlive the connection. */
const wait = (response: ServerResponse, delayMs: number, then: () => void): void => {
  const timer = setTimeout(then, delayMs);
  response.once("close", () => clearTimeout(timer));
};
