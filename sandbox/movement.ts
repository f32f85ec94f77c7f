/** A movement of money as it really happened, and what an armed fault makes of it later. */

export interface Amount {
  /** Minor units. */
  readonly value: number;
  readonly currency: string;
}

/** `pending`: a debit is held, a credit is not there yet. `failed`: the money is back where it was. */
export type MovementStatus = "pending" | "settled" | "failed";

/** When something happens to a movement: at its n-th lookup, or at a time, whichever comes first. */
export interface Trigger {
  readonly lookups?: number;
  readonly at?: string;
}

/** What will still happen to a movement without a further call that moves money. */
export interface Plan {
  /** Lookups do not see it: not the first `lookups` ones, not before `at`. */
  readonly hidden?: Trigger;
  /** It ends so: from the `lookups`-th lookup on, or from `at`. */
  readonly becomes?: Trigger & { readonly status: "settled" | "failed" };
}

export interface Movement {
  /** Decimal digits, rising; providers derive their own ids from it. */
  readonly id: string;
  readonly at: string;
  readonly provider: string;
  /** spendback, refund, credit, load, …: the provider's operation that moved it. */
  readonly operation: string;
  /** The caller's reference; empty where the provider takes none. */
  readonly reference: string;
  /** The account whose balance changes. */
  readonly account: string;
  readonly amount: Amount;
  readonly direction: "debit" | "credit";
  readonly status: MovementStatus;
  /** The id of the movement that this one returns, wholly or partly. */
  readonly original?: string;
  /** Shared by movements that belong together: the rows of a batch, the shares of a split. */
  readonly group?: string;
  /** What only the provider needs, e.g. its own ids and texts. */
  readonly details?: Readonly<Record<string, string>>;
  readonly plan?: Plan;
  /** How often it was looked up while a plan was open. */
  readonly lookups?: number;
}

export type MovementDraft = Omit<Movement, "id" | "at" | "status" | "lookups"> & { readonly status?: MovementStatus };

/** What a movement does to its account's balance, in minor units. */
export const effectOf = ({ direction, status, amount }: Movement): number => {
  if (direction === "debit") return status === "failed" ? 0 : -amount.value;
  return status === "settled" ? amount.value : 0;
};

/** The movement after one more lookup. */
export const afterLookup = (movement: Movement): Movement => {
  const lookups = (movement.lookups ?? 0) + 1;
  const { hidden, becomes } = movement.plan ?? {};
  return advance(
    { ...movement, lookups },
    {
      shows: hidden?.lookups !== undefined && lookups > hidden.lookups,
      ends: becomes?.lookups !== undefined && lookups >= becomes.lookups,
    },
  );
};

/** The movement at a time (ISO 8601); the same object where nothing has changed. */
export const atTime = (movement: Movement, now: string): Movement => {
  const { hidden, becomes } = movement.plan ?? {};
  const shows = hidden?.at !== undefined && now >= hidden.at;
  const ends = becomes?.at !== undefined && now >= becomes.at;
  return shows || ends ? advance(movement, { shows, ends }) : movement;
};

const advance = (movement: Movement, { shows, ends }: { shows: boolean; ends: boolean }): Movement => {
  const { plan = {}, ...rest } = movement;
  const status = ends && plan.becomes ? plan.becomes.status : movement.status;
  const left: Plan = {
    ...(plan.hidden && !shows ? { hidden: plan.hidden } : {}),
    ...(plan.becomes && !ends ? { becomes: plan.becomes } : {}),
  };
  return { ...rest, status, ...(left.hidden || left.becomes ? { plan: left } : {}) };
};
