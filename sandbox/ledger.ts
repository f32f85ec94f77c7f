/** The truth of the sandbox: every movement that really happened, the accounts, and balances derived from both. */

import type { Account, AccountSeed } from "./account.ts";
import type { AccountKey, Entry, MovementQuery } from "./book.ts";
import { Book, keyOf } from "./book.ts";
import type { Journal } from "./journal.ts";
import type { Amount, Movement, MovementDraft, MovementStatus } from "./movement.ts";
import { afterLookup, atTime } from "./movement.ts";
import type { TotalQuery } from "./totals.ts";

/** What a provider has from the start. */
export interface Seeds {
  readonly accounts: readonly AccountSeed[];
  /** Originals to refund. */
  readonly movements?: readonly MovementDraft[];
}

/** A movement that is new, or whose status is no longer what it was; as it stood right after that. */
export interface Change {
  readonly movement: Movement;
  readonly what: "recorded" | "changed";
}

/** Synchronous throughout: between what a caller checks and what it then records in one turn, nobody comes. */
export class Ledger {
  readonly #book = new Book();
  readonly #journal: Journal<Entry>;
  readonly #now: () => number;
  readonly #onChange: (change: Change) => void;

  /** Seeds are no changes, and neither is what the journal tells again. */
  constructor(journal: Journal<Entry>, now: () => number, onChange: (change: Change) => void = () => {}) {
    this.#journal = journal;
    this.#now = now;
    this.#onChange = onChange;
    for (const entry of journal.entries) this.#book.apply(entry);
  }

  /** Gives a provider its seeds, once in the life of the journal. */
  seed(provider: string, { accounts, movements = [] }: Seeds): void {
    if (this.#book.seeded.has(provider)) return;
    const seeded = accounts.map((account) => ({ ...account, provider, createdAt: this.#time() }));
    this.#write({ seeded: { provider, accounts: seeded, movements: this.#complete(movements) } });
  }

  /** Movements as they stand, oldest first. Unlike `lookUp` it sees hidden ones and moves no plan on. */
  movements(query: MovementQuery = {}): Movement[] {
    this.ripen();
    return this.#book.find(query);
  }

  /** What movements of one party in one status add up to, in minor units. */
  total(query: TotalQuery): number {
    this.ripen();
    return this.#book.totals.of(query);
  }

  /** What a provider's lookup may see. Counts as one lookup of each match, which is what plans wait for. */
  lookUp(query: MovementQuery & { readonly provider: string }): Movement[] {
    return this.movements(query).flatMap((movement) => {
      if (!movement.plan) return [movement];
      const changed = afterLookup(movement);
      this.#write({ changed });
      return changed.plan?.hidden ? [] : [changed];
    });
  }

  /** Whether every debited account can pay its drafts together. */
  covers(drafts: readonly MovementDraft[]): boolean {
    const debits = drafts.filter(({ direction }) => direction === "debit");
    return debits.every((draft) => {
      const sameFunds = debits.filter(
        (each) => keyOf(each) === keyOf(draft) && each.amount.currency === draft.amount.currency,
      );
      const needed = sameFunds.reduce((sum, each) => sum + each.amount.value, 0);
      return this.balance(draft, draft.amount.currency) >= needed;
    });
  }

  /** Records what one call moved, all of it in one line. Settled unless a draft says otherwise; funds are not checked. */
  record(drafts: readonly MovementDraft[]): Movement[] {
    const movements = this.#complete(drafts);
    this.#write({ movements });
    return movements;
  }

  /** Ends a movement now, whatever was planned for it. */
  end(movement: Movement, status: Exclude<MovementStatus, "pending">): Movement {
    if (!movement.plan && movement.status === status) return movement;
    const { plan: _plan, ...rest } = movement;
    const changed = { ...rest, status };
    this.#write({ changed });
    return changed;
  }

  account(owner: AccountKey): Account | undefined {
    return this.#book.accounts.get(keyOf(owner));
  }

  accounts(provider?: string): Account[] {
    return [...this.#book.accounts.values()].filter((each) => provider === undefined || each.provider === provider);
  }

  /** Adds an account, or replaces it whole. */
  saveAccount(account: Omit<Account, "createdAt">): Account {
    const saved = { ...account, createdAt: this.account(account)?.createdAt ?? this.#time() };
    this.#write({ account: saved });
    return saved;
  }

  /** Minor units now; 0 in a currency that the account never held. */
  balance(owner: AccountKey, currency: string): number {
    return this.balances(owner).find((each) => each.currency === currency)?.value ?? 0;
  }

  /** Every currency that an account has held, with its balance now. */
  balances(owner: AccountKey): Amount[] {
    this.ripen();
    const openings = this.account(owner)?.openings ?? {};
    const effects = this.#book.effects(owner);
    const currencies = [...new Set([...Object.keys(openings), ...effects.keys()])];
    return currencies.map((currency) => ({
      currency,
      value: (openings[currency] ?? 0) + (effects.get(currency) ?? 0),
    }));
  }

  /** Carries out what time has brought. Whoever reads movements or balances does so first. */
  ripen(): void {
    for (const movement of this.#book.openPlans.values()) {
      const changed = atTime(movement, this.#time());
      if (changed !== movement) this.#write({ changed });
    }
  }

  /** When time brings something next (ISO 8601); undefined where all that is planned waits for lookups. */
  nextRipening(): string | undefined {
    let next: string | undefined;
    for (const { plan } of this.#book.openPlans.values()) {
      for (const at of [plan?.hidden?.at, plan?.becomes?.at]) {
        if (at !== undefined && (next === undefined || at < next)) next = at;
      }
    }
    return next;
  }

  /** Forgets everything, seeds included. */
  clear(): void {
    this.#journal.clear();
    this.#book.clear();
  }

  #complete(drafts: readonly MovementDraft[]): Movement[] {
    const at = this.#time();
    return drafts.map((draft, index) => ({
      id: this.#book.idAhead(index + 1),
      at,
      ...draft,
      status: draft.status ?? "settled",
    }));
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(entry: Entry): void {
    const [before] = "changed" in entry ? this.#book.find({ id: entry.changed.id }) : [];
    this.#journal.append(entry);
    this.#book.apply(entry);
    if ("movements" in entry) for (const movement of entry.movements) this.#onChange({ movement, what: "recorded" });
    else if ("changed" in entry && before?.status !== entry.changed.status) {
      this.#onChange({ movement: entry.changed, what: "changed" });
    }
  }
}
