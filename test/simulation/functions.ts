/** The product's functions, by name, as the flow, the schedule and the gateway call them. */
import { run as authenticate } from "../../functions/authenticate.ts";
import { run as checkFunds } from "../../functions/check-funds.ts";
import { run as failTransaction } from "../../functions/fail-transaction.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import type { tasks } from "../../functions/tasks.ts";
import { submit } from "../../lib/lambda/submit.ts";
import { TaskInput, type TaskTime } from "../../lib/lambda/task.ts";
import type { Dependencies } from "./dependencies.ts";

type TaskRun = (input: TaskInput, dependencies: Dependencies, time: TaskTime) => Promise<unknown>;

const taskRuns: Readonly<Record<(typeof tasks)[keyof typeof tasks], TaskRun>> = {
  authenticate,
  "check-funds": checkFunds,
  "submit-spendback": submit,
  "submit-refund": submit,
  "submit-cashback": submit,
  "look-up": lookUp,
  "fail-transaction": failTransaction,
};

/** A task of the flow. @throws Error for one that is not simulated */
export function taskRun(
  name: string,
): (input: unknown, dependencies: Dependencies, time: TaskTime) => Promise<unknown> {
  const run = Object.hasOwn(taskRuns, name) ? taskRuns[name as keyof typeof taskRuns] : undefined;
  if (!run) throw new Error(`no task ${name}`);
  return (input, dependencies, time) => run(TaskInput.parse(input), dependencies, time);
}
