/** `POST /v1/accruals/{id}/cancel`: takes back a cashback that was not paid yet. */
import * as z from "zod/mini";
import type { Accrual } from "../lib/domain/accrual.ts";
import { VisibleError } from "../lib/domain/errors.ts";
import type { Transaction } from "../lib/domain/transaction.ts";
import { accrualStore, payoutStore } from "../lib/lambda/accrual-stores.ts";
import { accrualStatusOf, ownAccrual, presentAccrual, transactionIdOf } from "../lib/lambda/accruals.ts";
import { clock, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { type LetGoDependencies, letGo } from "../lib/lambda/let-go.ts";
import type { AccrualStore } from "../lib/store/accruals.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export const CancelAccrual = z.strictObject({ id: z.string() });
export type CancelAccrual = z.infer<typeof CancelAccrual>;

export interface Dependencies {
  readonly accruals: Pick<AccrualStore, "get" | "cancel"> & LetGoDependencies["accruals"];
  readonly payouts: LetGoDependencies["payouts"];
  readonly transactions: Pick<TransactionStore, "get"> & LetGoDependencies["transactions"];
  readonly now: () => Date;
}

/** How often it is read anew because a run changed it in between. */
const triesMax = 8;

/**
 * Canceling twice is canceling once. What waits may be canceled, and so may what was to be paid by a transaction that surely
 * did not move, and what a payout holds that nobody carries out any more; the write is refused where a run has taken the accrual up
 * since it was read.
 */
export async function run({ id }: CancelAccrual, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { accruals, transactions, now } = dependencies;
  for (let tries = 0; tries < triesMax; tries++) {
    const accrual = await ownAccrual(call.tenant, id, dependencies);
    const paidBy = transactionIdOf(accrual);
    const transaction = paidBy === undefined ? undefined : await transactions.get(paidBy, "consistent");
    switch (accrualStatusOf(accrual, transaction)) {
      case "canceled":
        return answer(accrual);
      case "paying":
        if (!transaction && (await letGo(accrual, { by: `key:${call.keyId}`, at: now() }, dependencies))) continue;
        throw notCancelable(transaction);
      case "paid":
        throw notCancelable(transaction);
      case "waiting": {
        const canceled = { by: `key:${call.keyId}`, at: now().toISOString() };
        if (await accruals.cancel(accrual, canceled)) return answer({ ...accrual, state: "canceled", canceled });
      }
    }
  }
  throw new Error(`the accrual ${id} changes too often`);
}

function notCancelable(transaction: Transaction | undefined): VisibleError {
  const why = transaction ? `${transaction.id} pays it, and is ${transaction.status}` : "A run is about to pay it";
  return new VisibleError("not_cancelable", `This accrual cannot be canceled. ${why}.`);
}

function answer(accrual: Accrual): Answer {
  return { status: 200, body: presentAccrual(accrual), accrualId: accrual.id };
}

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, from: "parameters", input: CancelAccrual, run },
  (): Dependencies => ({
    accruals: accrualStore(),
    payouts: payoutStore(),
    transactions: transactionStore(),
    now: clock.now,
  }),
);
