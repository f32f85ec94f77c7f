/** Task `Fail`: ends a transaction of which nothing was sent. */
import { type FailureCode, failureMessages } from "../lib/domain/outcome.ts";
import { failUnsent } from "../lib/domain/transitions.ts";
import type { Submission } from "../lib/flow/starter.ts";
import { clock, nameStore, originalStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type FinishDependencies, finish } from "../lib/lambda/finish.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";

export interface Dependencies extends FinishDependencies {
  readonly now: () => Date;
}

/** Refused in silence where an attempt is open: a concurrent execution may have sent it, so it is not ours to fail. */
export async function run(input: TaskInput, dependencies: Dependencies): Promise<Submission> {
  const code = input.funds?.code;
  if (!code || !isFailureCode(code)) throw new Error("no reason to fail was given");
  const actor = { by: "flow", at: dependencies.now() };
  const { transactionId: id, kind, connection } = input;
  // It never had a turn, or the next one takes it over.
  const ending = { id, kind, connection, tenant: "" };
  const { advanced } = await finish(ending, failUnsent(code, actor), undefined, actor, dependencies);
  return { outcome: advanced ? "declined" : "unknown", over: true, lookups: 0, waitSeconds: 0 };
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failureMessages, code);
}

/** WasAnythingSent and FailForCredentials; after Enough there is nothing between. */
const statesAround = ({ funds }: TaskInput) => (funds?.code === "credentials_rejected" ? 2 : 0);

export const handler = taskHandler({ run, statesAround }, () => ({
  transactions: transactionStore(),
  originals: originalStore(),
  names: nameStore(),
  now: clock.now,
}));
