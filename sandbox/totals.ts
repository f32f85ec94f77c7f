/** Sums of movements, kept as they come, so that a wallet with ten thousand of them is told as fast as one with ten. */

import type { Movement, MovementStatus } from "./movement.ts";

/** Whose movements: those of an account; or those that name it as their receiver, by the method that moved them. */
export type TotalQuery = {
  readonly provider: string;
  readonly status: MovementStatus;
} & ({ readonly account: string } | { readonly receiver: string; readonly method: string });

export class Totals {
  readonly #sums = new Map<string, number>();

  /** Counts a movement, or with -1 counts it no more: its status is about to change. */
  add(movement: Movement, sign: 1 | -1): void {
    const { provider, status, account, details = {}, amount } = movement;
    const { receiver, method } = details;
    const names = [nameOf({ provider, status, account })];
    if (receiver !== undefined && method !== undefined) names.push(nameOf({ provider, status, receiver, method }));
    for (const name of names) this.#sums.set(name, (this.#sums.get(name) ?? 0) + sign * amount.value);
  }

  /** Minor units. */
  of(query: TotalQuery): number {
    return this.#sums.get(nameOf(query)) ?? 0;
  }

  clear(): void {
    this.#sums.clear();
  }
}

const nameOf = (query: TotalQuery): string => {
  const party = "account" in query ? ["account", query.account] : ["receiver", query.receiver, query.method];
  return [query.provider, query.status, ...party].join("\n");
};
