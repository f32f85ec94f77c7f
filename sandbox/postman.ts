/** Delivers webhooks: at once, and again after a pause where a delivery failed; remembers how each went. */

import type { Outgoing } from "./outbox.ts";
import { post } from "./post.ts";

/** One provider documents three; that the others do as many is inferred. */
const ATTEMPTS_MAX = 3;

/** Older ones are forgotten. */
const KEPT_MAX = 100;

export interface Delivery {
  readonly id: string;
  readonly at: string;
  readonly provider: string;
  readonly url: string;
  readonly event: string;
  readonly reference: string;
  attempts: number;
  /** `failed`: the last attempt was in vain. */
  status: "sending" | "waiting" | "delivered" | "failed";
  /** What the last attempt came to: an HTTP status, or in a word why there was none. */
  answer?: number | string;
  /** As it was last sent. */
  body?: string;
}

export interface PostmanOptions {
  readonly now: () => number;
  /** How long a provider waits before it tries again. */
  readonly pauseMs: (provider: string) => number;
}

export class Postman {
  readonly #options: PostmanOptions;
  readonly #pauses = new Set<NodeJS.Timeout>();
  #deliveries: Delivery[] = [];
  #count = 0;
  #round = new AbortController();
  #isClosed = false;

  constructor(options: PostmanOptions) {
    this.#options = options;
  }

  /** Resolves when each has had its first attempt; never rejects. Further attempts follow by themselves. */
  async send(mail: readonly Outgoing[]): Promise<void> {
    if (this.#isClosed) return;
    await Promise.all(mail.map((each) => this.#attempt(each, this.#add(each))));
  }

  /** The last ones, oldest first. */
  list(provider?: string): readonly Delivery[] {
    return this.#deliveries.filter((each) => provider === undefined || each.provider === provider);
  }

  /** Forgets all, and gives up what is under way. */
  clear(): void {
    this.#round.abort();
    this.#round = new AbortController();
    for (const pause of this.#pauses) clearTimeout(pause);
    this.#pauses.clear();
    this.#deliveries = [];
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  #add({ receiver: { provider, url }, webhook: { event, reference } }: Outgoing): Delivery {
    this.#count += 1;
    const at = new Date(this.#options.now()).toISOString();
    const id = `delivery_${this.#count}`;
    const delivery: Delivery = { id, at, provider, url, event, reference, attempts: 0, status: "sending" };
    this.#deliveries = [...this.#deliveries.slice(1 - KEPT_MAX), delivery];
    return delivery;
  }

  async #attempt(outgoing: Outgoing, delivery: Delivery): Promise<void> {
    const { receiver, webhook } = outgoing;
    const ended = this.#round.signal;
    delivery.attempts += 1;
    delivery.status = "sending";
    const { headers, body } = webhook.write({ receiver, number: delivery.attempts, now: this.#options.now() });
    delivery.body = body;
    delivery.answer = await post({ url: receiver.url, headers, body }, ended);
    if (ended.aborted) return;
    if (isSuccess(delivery.answer)) delivery.status = "delivered";
    else if (delivery.attempts >= ATTEMPTS_MAX) delivery.status = "failed";
    else {
      delivery.status = "waiting";
      this.#later(this.#options.pauseMs(receiver.provider), () => void this.#attempt(outgoing, delivery));
    }
  }

  /** A timer that keeps no process alive. */
  #later(delayMs: number, then: () => void): void {
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      then();
    }, delayMs).unref();
    this.#pauses.add(pause);
  }
}

/** That any 2xx is one is inferred. */
const isSuccess = (answer: number | string): boolean => typeof answer === "number" && answer >= 200 && answer < 300;
