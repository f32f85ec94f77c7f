/** Runs the flow: Express executions of the deployed definition, interpreted on this machine. */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { ExecutionAbortedError, ExecutionTimeoutError, StateMachine } from "aws-local-stepfunctions";
import { tasks } from "../functions/tasks.ts";
import { renderDefinition } from "../lib/flow/render.ts";
import { expressExecutionArn, functionArn, functionNameOf } from "./arns.ts";
import { type FlowDefinition, taskResources } from "./flow-definition.ts";
import { parseExecutionInput, validateExecutionName } from "./flow-input.ts";
import { TaskError, taskResult } from "./flow-task.ts";

/** How many executions are remembered. Express itself remembers none: CloudWatch Logs does. */
const executionsMax = 1_000;

export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly startDate: Date;
  stopDate?: Date;
  /** Why it did not succeed: the error's name, and its cause. */
  error?: { readonly name: string; readonly cause: string };
  /** The states entered, in order; a retried state appears once for each try. */
  readonly states: string[];
}

export interface FlowRunnerOptions {
  /** Must reject with a `FunctionError` when the function fails. */
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** The definition's text, with its placeholders. */
  readonly definitionText: string;
  /** The function behind each placeholder. */
  readonly taskFunctions?: Readonly<Record<string, string>>;
  /** Called when an execution has ended. */
  readonly onEnd?: (execution: Execution) => void;
}

export interface FlowRunner {
  /** Starts an execution and answers at once. `input` is JSON text; names need not be unique, as with Express on AWS. */
  start(request: { name?: string | undefined; input?: string | undefined }): {
    executionArn: string;
    startDate: Date;
  };
  /** The last 1,000 executions, oldest first. */
  executions(): readonly Execution[];
  /** State transitions since the start, retries included. */
  transitions(): number;
  /** Resolves when no execution runs. */
  idle(): Promise<void>;
  /** Aborts what runs. A function that is under way is not stopped by it. */
  stop(): Promise<void>;
}

export function createFlowRunner({
  invoke,
  definitionText,
  taskFunctions = tasks,
  onEnd,
}: FlowRunnerOptions): FlowRunner {
  const arns = Object.fromEntries(Object.entries(taskFunctions).map(([task, name]) => [task, functionArn(name)]));
  const definition = JSON.parse(renderDefinition(definitionText, arns)) as FlowDefinition;
  const machine = new StateMachine(definition);
  const resources = taskResources(definition);
  const remembered: Execution[] = [];
  const running = new Map<Execution, { abort: () => void; ended: Promise<void> }>();
  let transitions = 0;

  function handlersFor(execution: Execution): Record<string, (input: unknown) => Promise<never>> {
    const call = async (resource: string, input: unknown): Promise<unknown> => {
      // When an execution ends while a state waits to be retried, the interpreter still tries once more. By the
      // next turn of the event loop that end is recorded here, and a dead execution calls nobody.
      await setImmediate();
      if (execution.status !== "RUNNING") throw new TaskError("States.Runtime", "The execution has ended.");
      return taskResult(invoke(functionNameOf(resource), input));
    };
    return Object.fromEntries(
      [...resources].map(([state, resource]) => [state, (input) => call(resource, input) as Promise<never>]),
    );
  }

  async function follow(execution: Execution, run: ReturnType<StateMachine["run"]>): Promise<void> {
    const following = (async () => {
      for await (const event of run.eventLogs) {
        if (event.type !== "StateEntered" && event.type !== "StateRetried") continue;
        execution.states.push(event.state.name);
        transitions += 1;
      }
    })();
    try {
      await run.result;
      execution.status = "SUCCEEDED";
    } catch (error) {
      execution.status = statusAfter(error);
      execution.error = errorOf(error);
    }
    execution.stopDate = new Date();
    await following;
    running.delete(execution);
    onEnd?.(execution);
  }

  return {
    start({ name = randomUUID(), input = "{}" }) {
      validateExecutionName(name);
      const parsed = parseExecutionInput(input);
      const execution: Execution = {
        executionArn: expressExecutionArn(name, randomUUID()),
        name,
        status: "RUNNING",
        startDate: new Date(),
        states: [],
      };
      remembered.push(execution);
      if (remembered.length > executionsMax) remembered.shift();
      const run = machine.run(parsed, {
        overrides: { taskResourceLocalHandlers: handlersFor(execution) },
        context: { Execution: { Id: execution.executionArn, Name: name } },
      });
      running.set(execution, { abort: run.abort, ended: follow(execution, run) });
      return { executionArn: execution.executionArn, startDate: execution.startDate };
    },

    executions: () => remembered,

    transitions: () => transitions,

    async idle() {
      while (running.size > 0) await Promise.all([...running.values()].map(({ ended }) => ended));
    },

    async stop() {
      for (const { abort } of running.values()) abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function statusAfter(error: unknown): Execution["status"] {
  if (error instanceof ExecutionTimeoutError) return "TIMED_OUT";
  if (error instanceof ExecutionAbortedError) return "ABORTED";
  return "FAILED";
}

function errorOf(error: unknown): { name: string; cause: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error
    ? { name: cause.name, cause: cause.message }
    : { name: "Unknown", cause: String(cause) };
}
