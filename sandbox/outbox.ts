/** Collects what changes in the ledger, and turns it into the webhooks that are to be sent. */

import type { FaultName } from "./faults.ts";
import type { Change } from "./ledger.ts";
import type { Movement } from "./movement.ts";
import type { Receivers } from "./receivers.ts";
import type { Receiver, Webhook } from "./webhook.ts";

/** How often `duplicate-webhook` delivers the same. */
const DUPLICATES = 3;

/** A webhook on its way to whom it is for. */
export interface Outgoing {
  readonly receiver: Receiver;
  readonly webhook: Webhook;
}

/** Asks a provider what it tells of movements that changed together. */
export type Tell = (provider: string, movements: readonly Movement[], what: Change["what"]) => readonly Webhook[];

export class Outbox {
  readonly #receivers: Receivers;
  readonly #tell: Tell;
  #changes: Change[] = [];

  constructor(receivers: Receivers, tell: Tell) {
    this.#receivers = receivers;
    this.#tell = tell;
  }

  add(change: Change): void {
    this.#changes.push(change);
  }

  /** What there is to tell since the last time. `fault` struck the call that brought it about. */
  take(fault?: FaultName): Outgoing[] {
    const outgoing: Outgoing[] = [];
    // More than one round: telling can change more, since what a switch makes a provider say, it also makes so.
    while (this.#changes.length > 0) {
      const changes = this.#changes;
      this.#changes = [];
      for (const receiver of this.#receivers.list()) {
        for (const what of ["recorded", "changed"] as const) {
          const webhooks = this.#tellOf(changes, receiver.provider, what);
          // A plan that happened to ripen during the call is not the call's own movement.
          const copies = what === "recorded" && fault === "duplicate-webhook" ? DUPLICATES : 1;
          for (const webhook of webhooks) {
            for (let copy = 0; copy < copies; copy += 1) outgoing.push({ receiver, webhook });
          }
        }
      }
    }
    return outgoing;
  }

  clear(): void {
    this.#changes = [];
  }

  #tellOf(changes: readonly Change[], provider: string, what: Change["what"]): readonly Webhook[] {
    const movements = changes
      .filter((each) => each.what === what && each.movement.provider === provider)
      .map(({ movement }) => movement);
    return movements.length > 0 ? this.#tell(provider, movements, what) : [];
  }
}
