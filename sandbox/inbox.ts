/** Where the webhooks of the product under trial arrive: keeps the last ones, checks their signatures, answers as it is told. */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Older ones are forgotten. */
const KEPT_MAX = 100;

/** A receiver's name; several may be tried at once. */
export const DEFAULT_NAME = "default";

export interface Arrival {
  readonly at: string;
  readonly receiver: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
  /** Absent where no secret was told. */
  readonly isAuthentic?: boolean;
  /** What it was answered. */
  readonly status: number;
}

/** How a receiver answers. */
export interface Manners {
  readonly status: number;
  readonly delayMs: number;
  readonly retryAfter?: string;
  /** How many more it answers so; then 200 at once. Absent: all. */
  readonly times?: number;
  /** What it checks signatures with. Outlives `times`. */
  readonly secret?: string;
}

const POLITE: Manners = { status: 200, delayMs: 0 };

export class Inbox {
  readonly #now: () => number;
  readonly #manners = new Map<string, Manners>();
  #arrivals: Arrival[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps a webhook, and says how it is to be answered. */
  take(receiver: string, headers: IncomingHttpHeaders, body: string): Manners {
    const manners = this.#next(receiver);
    const { secret, status } = manners;
    const arrival: Arrival = {
      at: new Date(this.#now()).toISOString(),
      receiver,
      headers,
      body,
      ...(secret !== undefined && { isAuthentic: isAuthentic(headers, body, secret) }),
      status,
    };
    this.#arrivals = [...this.#arrivals.slice(1 - KEPT_MAX), arrival];
    return manners;
  }

  /** Oldest first. */
  list(receiver?: string): readonly Arrival[] {
    return this.#arrivals.filter((each) => receiver === undefined || each.receiver === receiver);
  }

  /** What is not said stays as it is. */
  teach(receiver: string, manners: Partial<Manners>): Manners {
    const { secret } = this.#manners.get(receiver) ?? POLITE;
    const taught = { ...POLITE, ...(secret !== undefined && { secret }), ...manners };
    this.#manners.set(receiver, taught);
    return taught;
  }

  /** Forgets what arrived; answers how many there were. */
  forget(): number {
    const forgotten = this.#arrivals.length;
    this.#arrivals = [];
    return forgotten;
  }

  /** Forgets manners and secrets, too. */
  clear(): void {
    this.forget();
    this.#manners.clear();
  }

  #next(receiver: string): Manners {
    const manners = this.#manners.get(receiver) ?? POLITE;
    const { times, secret } = manners;
    if (times === undefined) return manners;
    if (times <= 1) this.#manners.set(receiver, { ...POLITE, ...(secret !== undefined && { secret }) });
    else this.#manners.set(receiver, { ...manners, times: times - 1 });
    return manners;
  }
}

/** As Standard Webhooks asks of a receiver; but old timestamps pass, because a trial may hold the clock. */
const isAuthentic = (headers: IncomingHttpHeaders, body: string, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
    .digest();
  return String(headers["webhook-signature"] ?? "")
    .split(" ")
    .map((each) => Buffer.from(each.replace(/^v1,/, ""), "base64"))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
};
