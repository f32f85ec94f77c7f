/** Runs the deployed flow, any number of executions of it at once, in virtual time. */
import { readFileSync } from "node:fs";
import { tasks } from "../../functions/tasks.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import { compileFlow } from "./flow-interpreter.ts";
import { taskRun } from "./functions.ts";
import { FunctionDiedError } from "./invocation.ts";
import type { Lambdas } from "./lambdas.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

const definition = readFileSync(new URL("../../lib/flow/definition.asl.json", import.meta.url), "utf8");
const flow = compileFlow(definition, tasks);

/** What a task may throw, as the flow and its authors know it. Anything else is a bug. */
const known = new Set([
  "CredentialsRejectedError",
  "NotSentError",
  "ProviderUnavailableError",
  "SessionRejectedError",
  "SessionsRejectedError",
  "StoreUnavailableError",
  "SecretUnreadableError",
]);

export interface Flows {
  begin(input: FlowInput): void;
  endAll(): void;
}

interface FlowsSetting {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly trace: Trace | undefined;
}

export function openFlows(
  { scheduler, faults, random, evidence, trace }: FlowsSetting,
  lambdas: () => Lambdas<Dependencies>,
): Flows {
  const executions = new Set<Actor>();
  let count = 0;

  const invoke = async (execution: Actor, name: string, input: unknown, transactionId: string): Promise<unknown> => {
    try {
      const run = taskRun(name);
      return await lambdas().invoke(execution, name, (given, time) => run(input, given, time), transactionId);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!known.has(error.name) && !(error instanceof FunctionDiedError)) {
        evidence.violate("nothing-unexpected-is-thrown", `${name}: ${error.stack}`);
      }
      throw error;
    }
  };

  return {
    begin(input) {
      const execution: Actor = { name: `flow#${++count}`, isAlive: true };
      executions.add(execution);
      const host = {
        invoke: (name: string, given: unknown) => invoke(execution, name, given, input.transactionId),
        sleep: (ms: number) => new Promise<void>((resolve) => scheduler.after(ms, execution, resolve)),
        random: () => random.next(),
        now: () => scheduler.now,
      };
      const onState = (state: string): void =>
        trace?.add(scheduler.now, execution.name, `${input.transactionId} at ${state}`);
      const begin = (): void => {
        void flow(input, host, trace && onState).then((end) => {
          executions.delete(execution);
          if (end.status !== "SUCCEEDED")
            trace?.add(scheduler.now, execution.name, `ended: ${end.status} ${end.error}`);
          if (end.status === "FAILED") evidence.violate("flows-do-not-fail", `${input.transactionId}: ${end.error}`);
        });
      };
      scheduler.after(
        faults.strikes("start-late") ? random.spread(500, 30_000) : random.between(1, 50),
        execution,
        begin,
      );
    },

    endAll() {
      for (const execution of executions) execution.isAlive = false;
      executions.clear();
    },
  };
}
