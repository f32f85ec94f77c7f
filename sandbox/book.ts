/** What the journal's lines add up to: accounts, movements, and each account's balance, kept in memory. */

import type { Account } from "./account.ts";
import type { Movement } from "./movement.ts";
import { effectOf } from "./movement.ts";
import { Totals } from "./totals.ts";
import type { Receiver } from "./webhook.ts";

/** The first movement's id is one above; not 1, so that an id is not mistaken for a count. */
const FIRST_ID = 100_000;

/** One line of the journal. */
export type Entry =
  | {
      readonly seeded: {
        readonly provider: string;
        readonly accounts: readonly Account[];
        readonly movements: readonly Movement[];
      };
    }
  | { readonly account: Account }
  | { readonly movements: readonly Movement[] }
  | { readonly changed: Movement }
  | { readonly receiver: Receiver }
  /** The provider whose receiver it was. */
  | { readonly removedReceiver: string };

export interface MovementQuery {
  readonly provider?: string;
  readonly reference?: string;
  readonly id?: string;
  readonly group?: string;
}

/** Changes only through `apply`, live and on replay, so that a restart ends where the sandbox stood. */
export class Book {
  readonly accounts = new Map<string, Account>();
  readonly seeded = new Set<string>();
  /** Movements with something still to happen to them. */
  readonly openPlans = new Map<string, Movement>();
  readonly totals = new Totals();
  readonly #movements = new Map<string, Movement>();
  readonly #idsByReference = new Map<string, string[]>();
  readonly #effects = new Map<string, Map<string, number>>();
  #lastId = FIRST_ID;

  apply(entry: Entry): void {
    if ("movements" in entry) for (const movement of entry.movements) this.#add(movement);
    else if ("changed" in entry) this.#put(entry.changed);
    else if ("account" in entry) this.accounts.set(keyOf(entry.account), entry.account);
    else if ("seeded" in entry) {
      const { provider, accounts, movements } = entry.seeded;
      this.seeded.add(provider);
      for (const account of accounts) this.apply({ account });
      this.apply({ movements });
    }
  }

  /** The id of the n-th movement from now. */
  idAhead(n: number): string {
    return String(this.#lastId + n);
  }

  /** Matching movements, oldest first. */
  find({ provider, reference, id, group }: MovementQuery): Movement[] {
    const ids = reference !== undefined ? this.#idsByReference.get(reference) : id !== undefined ? [id] : undefined;
    const found = ids ? ids.map((each) => this.#movements.get(each)) : [...this.#movements.values()];
    return found
      .filter((each) => each !== undefined)
      .filter((each) => provider === undefined || each.provider === provider)
      .filter((each) => reference === undefined || each.reference === reference)
      .filter((each) => id === undefined || each.id === id)
      .filter((each) => group === undefined || each.group === group);
  }

  /** Minor units by currency that movements added to an account's opening balances. */
  effects(owner: AccountKey): ReadonlyMap<string, number> {
    return this.#effects.get(keyOf(owner)) ?? new Map();
  }

  clear(): void {
    for (const map of [this.accounts, this.openPlans, this.#movements, this.#idsByReference, this.#effects])
      map.clear();
    this.seeded.clear();
    this.totals.clear();
    this.#lastId = FIRST_ID;
  }

  #add(movement: Movement): void {
    const ids = this.#idsByReference.get(movement.reference);
    if (ids) ids.push(movement.id);
    else this.#idsByReference.set(movement.reference, [movement.id]);
    this.#lastId = Math.max(this.#lastId, Number(movement.id));
    this.#put(movement);
  }

  #put(movement: Movement): void {
    const before = this.#movements.get(movement.id);
    if (before) this.totals.add(before, -1);
    this.totals.add(movement, 1);
    const effects = this.#effects.get(keyOf(movement)) ?? new Map<string, number>();
    const { currency } = movement.amount;
    effects.set(currency, (effects.get(currency) ?? 0) + effectOf(movement) - (before ? effectOf(before) : 0));
    this.#effects.set(keyOf(movement), effects);
    this.#movements.set(movement.id, movement);
    if (movement.plan) this.openPlans.set(movement.id, movement);
    else this.openPlans.delete(movement.id);
  }
}

export interface AccountKey {
  readonly provider: string;
  readonly account: string;
}

export const keyOf = ({ provider, account }: AccountKey): string => `${provider}\n${account}`;
