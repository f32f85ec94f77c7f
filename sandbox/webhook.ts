/** A webhook: what a provider tells by itself of a movement, to whom, and how it writes it down. */

import type { SwitchSpec } from "./switches.ts";

/** Where a provider sends its webhooks: one address a provider. */
export interface Receiver {
  readonly provider: string;
  /** As it was registered, byte for byte: a signature may cover it. */
  readonly url: string;
  /** What it signs with. Absent: it does not sign. */
  readonly secret?: string;
}

/** One attempt to deliver. */
export interface Attempt {
  readonly receiver: Receiver;
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Webhook {
  /** The provider's name of what happened. */
  readonly event: string;
  /** The reference of the movement that it is about. */
  readonly reference: string;
  /** What goes over the wire at this attempt; the body is JSON. */
  readonly write: (attempt: Attempt) => { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/** A provider that sends webhooks has these among its switches. */
export const webhookSwitches = {
  "webhook-retry-ms": {
    about:
      "How long after a failed delivery of a webhook the next attempt comes; there are three. Providers wait a minute.",
    initial: 2_000,
    integers: [0, 600_000],
  },
} as const satisfies Readonly<Record<string, SwitchSpec>>;
