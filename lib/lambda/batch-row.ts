/** A row of a batch as it is sent: the body of its kind's POST, and beside it the kind and the key. */
import * as z from "zod/mini";
import type { Order } from "../domain/batch-chunk.ts";
import { type Kind, kinds } from "../domain/transaction.ts";
import { CreateCashback, cashbackOrder, checkCashback } from "./create-cashback.ts";
import type { CreateDependencies } from "./create-movement.ts";
import { CreateRefund, checkRefund } from "./create-refund.ts";
import { CreateSpendback, checkSpendback } from "./create-spendback.ts";
import { KeyInput } from "./idempotency-key.ts";
import { check, invalid } from "./input.ts";

/** What checking rows asks. Transactions are those that rows name as what they refund. */
export interface RowDependencies {
  readonly connections: CreateDependencies["connections"];
  readonly transactions: Pick<CreateDependencies["transactions"], "get">;
}

/** A row whose form is right. */
export interface ReadRow {
  readonly kind: Kind;
  readonly key: string;
  /** What the key stands for: the same as through the kind's POST. */
  readonly request: unknown;
  /** What is refunded, as the row names it. */
  readonly original?: string;
  /** What its transaction begins with. @throws VisibleError for what its connection does not take */
  readonly check: (tenant: string, dependencies: RowDependencies) => Promise<Order>;
}

const keyed = { key: KeyInput };

const payoutMessage = 'must be "now" in a batch, or absent';

export const SpendbackRow = z.extend(CreateSpendback, keyed);
export const RefundRow = z.extend(CreateRefund, keyed);
export const CashbackRow = z.extend(CreateCashback, {
  ...keyed,
  payout: z.exactOptional(z.literal("now", payoutMessage)),
});

const readers: Readonly<Record<Kind, (members: unknown) => ReadRow>> = {
  spendback: (members) => {
    const { key, ...input } = check(SpendbackRow, members);
    return { kind: "spendback", key, request: input, check: (...asked) => checkSpendback(input, ...asked) };
  },
  refund: (members) => {
    const { key, ...input } = check(RefundRow, members);
    const { original } = input;
    return {
      kind: "refund",
      key,
      request: input,
      original,
      check: async (...asked) => stored(await checkRefund(input, ...asked)),
    };
  },
  cashback: (members) => {
    const { key, ...input } = check(CashbackRow, members);
    return {
      kind: "cashback",
      key,
      request: cashbackOrder(input),
      check: (...asked) => checkCashback(input, ...asked),
    };
  },
};

const Kinded = z.looseObject({ kind: z.enum(kinds) });

/** @throws VisibleError validation_failed with every wrong field of the row */
export function readRow(row: unknown): ReadRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw invalid([{ path: "body", message: "must be an object: the body of a request, with kind and key" }]);
  }
  const kinded = Kinded.safeParse(row);
  if (!kinded.success) throw invalid([{ path: "kind", message: `must be one of ${kinds.join(", ")}` }]);
  const { kind, ...members } = kinded.data;
  return readers[kind](members);
}

const Named = z.looseObject({ kind: z.enum(kinds), key: KeyInput });

/** Kind and key of a row, whatever else is wrong with it; undefined where these cannot be read. */
export function readName(row: unknown): Pick<ReadRow, "kind" | "key"> | undefined {
  return Named.safeParse(row).data;
}

function stored({ splits, ...order }: Awaited<ReturnType<typeof checkRefund>>): Order {
  return { ...order, ...(splits && { splits: [...splits] }) };
}
