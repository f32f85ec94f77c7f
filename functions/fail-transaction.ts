/** Task `Fail`: ends a transaction of which nothing was sent. */
import { type FailureCode, failureMessages } from "../lib/domain/outcome.ts";
import { failUnsent } from "../lib/domain/transitions.ts";
import type { Submission } from "../lib/flow/starter.ts";
import { clock, transactionStore } from "../lib/lambda/dependencies.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export interface Dependencies {
  readonly transactions: Pick<TransactionStore, "advance">;
  readonly now: () => Date;
}

/** Refused in silence where an attempt is open: a concurrent execution may have sent it, so it is not ours to fail. */
export async function run(input: TaskInput, { transactions, now }: Dependencies): Promise<Submission> {
  const code = input.funds?.code;
  if (!code || !isFailureCode(code)) throw new Error("no reason to fail was given");
  const { advanced } = await transactions.advance(input.transactionId, failUnsent(code, { by: "flow", at: now() }));
  return { outcome: advanced ? "declined" : "unknown", over: true, lookups: 0, waitSeconds: 0 };
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failureMessages, code);
}

export const handler = taskHandler({ run }, () => ({ transactions: transactionStore(), now: clock.now }));
