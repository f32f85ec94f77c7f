/** Interprets the deployed flow without timers and chance of its own: its host brings time, luck and the functions. */
import { renderDefinition } from "../../lib/flow/render.ts";
import { type Machine, type Rule, readMachine, type State, type Task } from "./flow-grammar.ts";
import { placed, valueAt } from "./flow-paths.ts";

export interface FlowHost {
  /**
   * Runs a task's function; rejects with an error whose `name` Retry and Catch match (a died or timed-out function:
   * "Lambda.Unknown", "States.Timeout"). A result that comes later than `timeoutMs` counts as States.Timeout; a host that
   * never settles leaves the flow there for ever.
   */
  invoke(functionName: string, input: unknown, timeoutMs: number): Promise<unknown>;
  /** A Wait state, or the pause before a retry. */
  sleep(ms: number): Promise<void>;
  /** A number in [0, 1) for JitterStrategy FULL. */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface FlowEnd {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly output?: unknown;
  /** The error's name. */
  readonly error?: string;
}

/** Runs one execution. `onState` hears each state as it is entered, and again for each retry. Data given is never changed. */
export type Flow = (input: unknown, host: FlowHost, onState?: (name: string) => void) => Promise<FlowEnd>;

/**
 * @param tasks the function behind each `${NameFunctionArn}`
 * @throws Error where the definition uses anything that is not interpreted here
 */
export function compileFlow(definitionText: string, tasks: Readonly<Record<string, string>>): Flow {
  const machine = readMachine(renderDefinition(definitionText, tasks));
  return async (input, host, onState = () => {}) => {
    const endsAt = host.now() + (machine.TimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
    try {
      return { status: "SUCCEEDED", output: await run(machine, input, { host, onState, endsAt }) };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return { status: error.status, error: error.name };
    }
  };
}

interface Execution {
  readonly host: FlowHost;
  readonly onState: (name: string) => void;
  readonly endsAt: number;
}

/** Why an execution ends without success. */
class Broken extends Error {
  readonly status: "FAILED" | "TIMED_OUT";

  constructor(name: string, status: "FAILED" | "TIMED_OUT" = "FAILED") {
    super();
    this.name = name;
    this.status = status;
  }
}

async function run({ StartAt, States }: Machine, input: unknown, execution: Execution): Promise<unknown> {
  let data = input;
  let next: string | undefined = StartAt;
  while (next !== undefined) {
    const name: string = next;
    const state: State | undefined = States[name];
    if (!state) throw new Broken("States.Runtime");
    execution.onState(name);
    switch (state.Type) {
      case "Succeed":
        return data;
      case "Fail":
        throw new Broken(state.Error ?? "States.TaskFailed");
      case "Choice":
        next = state.Choices.find((rule) => holds(rule, data))?.Next ?? state.Default;
        if (next === undefined) throw new Broken("States.NoChoiceMatched");
        break;
      case "Pass":
        data = put(data, state.ResultPath, state.Result === undefined ? data : state.Result);
        next = state.Next;
        break;
      case "Wait":
        await pause(execution, secondsOf(state, data) * 1_000);
        next = state.Next;
        break;
      case "Task":
        [data, next] = await perform(name, state, data, execution);
        break;
    }
  }
  return data;
}

/** The data after a task, and the state that follows. */
async function perform(
  name: string,
  { Resource, TimeoutSeconds = Number.POSITIVE_INFINITY, ResultPath, Retry, Catch, Next }: Task,
  data: unknown,
  execution: Execution,
): Promise<[unknown, string | undefined]> {
  const tries = Retry.map(() => 0);
  for (;;) {
    const tried = await attempt(Resource, TimeoutSeconds * 1_000, data, execution);
    if ("result" in tried) return [put(data, ResultPath, tried.result), Next];
    const { Error: error } = tried;
    const at = Retry.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
    const retrier = Retry[at];
    const tryNumber = tries[at] ?? 0;
    if (!retrier || tryNumber >= retrier.MaxAttempts) {
      const catcher = Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));
      if (!catcher) throw new Broken(error);
      return [put(data, catcher.ResultPath, tried), catcher.Next];
    }
    tries[at] = tryNumber + 1;
    const waitMs = retrier.IntervalSeconds * 1_000 * retrier.BackoffRate ** tryNumber;
    await pause(execution, retrier.JitterStrategy === "FULL" ? Math.floor(execution.host.random() * waitMs) : waitMs);
    execution.onState(name);
  }
}

/** The result, or the error as Catch hands it on. */
async function attempt(
  functionName: string,
  timeoutMs: number,
  data: unknown,
  { host, endsAt }: Execution,
): Promise<{ readonly result: unknown } | { readonly Error: string; readonly Cause: string }> {
  const began = host.now();
  const tried = await host
    .invoke(functionName, data, Math.min(timeoutMs, endsAt - began))
    .then((result) => ({ result: result ?? null }), failureOf);
  if (host.now() > endsAt) throw new Broken("States.Timeout", "TIMED_OUT");
  if (host.now() - began > timeoutMs) return { Error: "States.Timeout", Cause: "" };
  return tried;
}

/** As Lambda tells it. */
function failureOf(error: unknown): { readonly Error: string; readonly Cause: string } {
  if (!(error instanceof Error)) return { Error: "Lambda.Unknown", Cause: String(error) };
  return { Error: error.name, Cause: JSON.stringify({ errorType: error.name, errorMessage: error.message }) };
}

function matches(names: readonly string[], error: string): boolean {
  return names.includes(error) || names.includes("States.ALL");
}

/** Sleeps, but not beyond the execution's own time. */
async function pause({ host, endsAt }: Execution, ms: number): Promise<void> {
  const leftMs = endsAt - host.now();
  await host.sleep(Math.min(ms, leftMs));
  if (ms > leftMs) throw new Broken("States.Timeout", "TIMED_OUT");
}

function holds(rule: Rule, data: unknown): boolean {
  const found = valueAt(data, rule.Variable);
  if ("IsPresent" in rule) return (found !== undefined) === rule.IsPresent;
  if (!found) throw new Broken("States.Runtime");
  return found.value === ("BooleanEquals" in rule ? rule.BooleanEquals : rule.StringEquals);
}

function secondsOf(wait: { Seconds?: number | undefined; SecondsPath?: string | undefined }, data: unknown): number {
  const seconds = wait.SecondsPath === undefined ? wait.Seconds : valueAt(data, wait.SecondsPath)?.value;
  if (typeof seconds !== "number" || !(seconds >= 0)) throw new Broken("States.Runtime");
  return seconds;
}

function put(data: unknown, path: string, value: unknown): unknown {
  const result = placed(data, path, value);
  if (!result) throw new Broken("States.ResultPathMatchFailure");
  return result.data;
}
