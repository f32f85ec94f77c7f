/** Scheduled: finds transactions that are due and starts their flow again, from where they stand. */
import { flowGraceMs, followUpAt } from "../lib/domain/due-times.ts";
import { postpone } from "../lib/domain/transitions.ts";
import { type FlowStarter, flowInputOf } from "../lib/flow/starter.ts";
import {
  clock,
  nameStore,
  once,
  originalStore,
  transactionLists,
  transactionStore,
} from "../lib/lambda/dependencies.ts";
import { type FinishDependencies, giveBack } from "../lib/lambda/finish.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { stepFunctionsFlow } from "../lib/lambda/step-functions.ts";
import type { TransactionLists, TransactionStore } from "../lib/store/port.ts";

export interface Dependencies extends FinishDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance"> & Pick<TransactionLists, "due">;
  readonly flow: FlowStarter;
  readonly now: () => Date;
}

/** How many one run takes up. What is left is found by the next run, a minute later. */
const takenMax = 200;

/** Two runs at once do no harm: the time of the next action is moved on by one of them, and only that one starts the flow. */
export async function run(dependencies: Dependencies): Promise<{ started: number }> {
  const { transactions, now } = dependencies;
  let started = 0;
  for (const id of await transactions.due(now(), takenMax)) {
    try {
      if (await takeUp(id, dependencies)) started += 1;
    } catch (error) {
      // One that cannot be taken up must not keep the others waiting; it stays due.
      log("error", "follow-up failed", { transactionId: id, ...errorFields(error) });
    }
  }
  log("info", "follow-up", { count: started });
  return { started };
}

async function takeUp(id: string, dependencies: Dependencies): Promise<boolean> {
  const { transactions, flow, now } = dependencies;
  const transaction = await transactions.get(id, "consistent");
  // The index may be a moment behind the item. What needs an operator by now is the operator's.
  if (!transaction?.nextActionAt || transaction.nextActionAt > now().toISOString()) return false;
  if (transaction.status === "needs_review") return false;
  if (transaction.owed) {
    await giveBack(transaction, { by: "follow-up", at: now() }, dependencies);
    return false;
  }
  const before = transaction.log
    .filter(({ by }) => by === "follow-up")
    .reduce((sum, { count }) => sum + (count ?? 1), 0);
  const nextActionAt = followUpAt(new Date(now().getTime() + flowGraceMs), before);
  const { advanced } = await transactions.advance(
    id,
    postpone(transaction, nextActionAt, { by: "follow-up", at: now() }),
  );
  if (!advanced) return false;
  await flow.start(flowInputOf(transaction));
  return true;
}

const shared = once(
  (): Dependencies => ({
    transactions: { ...transactionStore(), ...transactionLists() },
    originals: originalStore(),
    names: nameStore(),
    flow: stepFunctionsFlow(),
    now: clock.now,
  }),
);

export async function handler(): Promise<{ started: number }> {
  return run(shared());
}
