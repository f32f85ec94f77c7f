/** The shell of every task of the flow: parsed input, one log line, and errors that the flow can match by name. */
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod/mini";
import {
  CredentialsRejectedError,
  NotSentError,
  ProviderUnavailableError,
  SessionRejectedError,
  StoreUnavailableError,
} from "../domain/errors.ts";
import { kinds } from "../domain/transaction.ts";
import { clock, once } from "./dependencies.ts";
import { carriedIn } from "./flow-meter.ts";
import { errorFields, log } from "./log.ts";
import { memoryOf, metered } from "./meter.ts";

/** The flow's state as its tasks see it. */
export const TaskInput = z.object({
  transactionId: z.string(),
  connection: z.string(),
  kind: z.enum(kinds),
  session: z.optional(
    z.object({
      renewals: z.optional(z.int()),
      /** What Step Functions puts here when a task threw SessionRejectedError. */
      rejected: z.optional(z.object({ Cause: z.optional(z.string()) })),
    }),
  ),
  funds: z.optional(z.object({ enough: z.boolean(), code: z.optional(z.string()) })),
  submission: z.optional(
    z.object({
      outcome: z.string(),
      lookups: z.optional(z.int()),
      waitSeconds: z.optional(z.number()),
      sendAgainAfter: z.optional(z.int()),
    }),
  ),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** How long the function still lives. */
export interface TaskTime {
  readonly remainingMs: () => number;
}

export interface Task<Dependencies, Result> {
  /** How many states of the flow are entered beside the task's own, to get to it and on from it. */
  readonly statesAround?: number | ((input: TaskInput) => number);
  readonly run: (input: TaskInput, dependencies: Dependencies, time: TaskTime) => Promise<Result>;
}

export type TaskHandler<Result> = (event: unknown, context: Context) => Promise<Result>;

/** Errors whose name the flow knows and whose message says nothing that must stay inside. */
const knownErrors = [
  CredentialsRejectedError,
  NotSentError,
  ProviderUnavailableError,
  SessionRejectedError,
  StoreUnavailableError,
];

export function taskHandler<Dependencies, Result extends object>(
  task: Task<Dependencies, Result>,
  dependencies: () => Dependencies,
): TaskHandler<Result> {
  const shared = once(dependencies);
  const handler = async (event: unknown, context: Context): Promise<Result> => {
    const started = performance.now();
    const input = TaskInput.parse(event);
    const fields = {
      requestId: context.awsRequestId,
      function: context.functionName,
      transactionId: input.transactionId,
      connection: input.connection,
    };
    const durationMs = () => Math.round(performance.now() - started);
    const time = { remainingMs: () => context.getRemainingTimeInMillis() };
    try {
      const result = await inFlow(event, context, statesAround(task, input), () => task.run(input, shared(), time));
      log("info", "task", { ...fields, outcome: outcomeOf(result), durationMs: durationMs() });
      return result;
    } catch (error) {
      const known = knownErrors.some((one) => error instanceof one);
      log(known ? "warn" : "error", "task", { ...fields, durationMs: durationMs(), ...errorFields(error) });
      if (known) throw error;
      // The message would become part of the flow's state; it may quote data, so it stays here.
      throw new UnexpectedError("see the log");
    }
  };
  return middy<unknown, Result>().handler(handler) as unknown as TaskHandler<Result>;
}

/** Meters the task; what it could not write itself goes on with its result. */
function inFlow<Result extends object>(
  event: unknown,
  context: Context,
  around: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const carried = carriedIn(event, around);
  const own = { lambdaCalls: 1, transitions: 1 };
  return metered({ now: clock.now, own, memoryMb: memoryOf(context), ...(carried && { carried }) }, async (meter) => {
    const result = await run();
    const spent = meter.handOn();
    return spent ? { ...result, spent } : result;
  });
}

function statesAround<Dependencies, Result>({ statesAround: of = 0 }: Task<Dependencies, Result>, input: TaskInput) {
  return typeof of === "number" ? of : of(input);
}

/** A bug, or something nobody foresaw. */
class UnexpectedError extends Error {
  override readonly name = "UnexpectedError";
}

function outcomeOf(result: object): string {
  if ("outcome" in result) return String(result.outcome);
  if ("enough" in result) return result.enough ? "enough" : "not enough";
  return "done";
}
