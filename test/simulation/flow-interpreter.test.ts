/** The simulation's interpreter against the local run's, on the deployed definition; and what it refuses to interpret. */
import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { tasks } from "../../functions/tasks.ts";
import { createFlowRunner } from "../../local/flow-runner.ts";
import { FunctionError } from "../../local/function-error.ts";
import { compileFlow, type FlowEnd, type FlowHost } from "./flow-interpreter.ts";
import {
  courses,
  Failure,
  failing,
  failures,
  open,
  over,
  type Scenario,
  scripted,
  spendback,
} from "./flow-scenarios.ts";

const text = await readFile(new URL("../../lib/flow/definition.asl.json", import.meta.url), "utf8");

let local = scripted({});
const runner = createFlowRunner({
  // The local run waits for real, so the wait that the definition itself sets is taken away.
  definitionText: text.replace(/"waitSeconds": \d+/g, '"waitSeconds": 0'),
  async invoke(name, event) {
    const answer = local.reply(name, event);
    if (!(answer instanceof Failure)) return answer;
    throw new FunctionError(name, { errorType: answer.name, errorMessage: "why" });
  },
});

async function locally({ replies, given = spendback }: Scenario) {
  local = scripted(replies);
  runner.start({ input: JSON.stringify(given) });
  await runner.idle();
  const execution = runner.executions().at(-1);
  return { calls: local.calls, states: execution?.states, status: execution?.status };
}

const flow = compileFlow(text, tasks);

interface Options {
  readonly takesMs?: number;
  readonly limits?: number[];
}

/** A host whose time passes only in sleep, and in functions that take some. */
async function simulated({ replies, given = spendback }: Omit<Scenario, "name">, options: Options = {}) {
  const { takesMs = 0, limits = [] } = options;
  const { calls, reply } = scripted(replies);
  const slept: number[] = [];
  const states: string[] = [];
  let time = 0;
  const host: FlowHost = {
    now: () => time,
    random: () => 0.5,
    async sleep(ms) {
      slept.push(ms);
      time += ms;
    },
    async invoke(name, event, timeoutMs) {
      limits.push(timeoutMs);
      const answer = reply(name, event);
      time += takesMs;
      if (!(answer instanceof Failure)) return answer;
      throw Object.assign(new Error("why"), { name: answer.name });
    },
  };
  const end: FlowEnd = await flow(given, host, (name) => states.push(name));
  return { calls: withoutWait(calls), states, slept, took: time, ...end };
}

/** As the local run's definition has it. */
function withoutWait(calls: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(JSON.stringify(calls).replaceAll('"waitSeconds":1', '"waitSeconds":0'));
}

describe("as in the local run", () => {
  test.each([...courses, ...failures])("$name", async (scenario) => {
    // No jitter there, so that nobody waits.
    const luck = vi.spyOn(Math, "random").mockReturnValue(0);
    const expected = await locally(scenario).finally(() => luck.mockRestore());
    const { calls, states, status } = await simulated(scenario);
    expect({ calls, states, status }).toEqual(expected);
    expect(states.length).toBeGreaterThan(1);
  });
});

describe("time", () => {
  test("is slept as the definition says: retries back off, with half of the jitter here", async () => {
    const { slept } = await simulated({ replies: { authenticate: [failing("StoreUnavailableError")] } });
    expect(slept).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test("is slept before each lookup as the submission says", async () => {
    const replies = {
      "submit-spendback": [{ ...open, waitSeconds: 2 }],
      "look-up": [{ ...open, waitSeconds: 8 }, over],
    };
    expect((await simulated({ replies })).slept).toEqual([2_000, 8_000]);
  });

  test("ends an execution after 240 s, not a moment later", async () => {
    const replies = { "submit-spendback": [open], "look-up": [{ ...open, waitSeconds: 70 }] };
    const { status, error, slept, took } = await simulated({ replies });
    expect({ status, error, slept, took }).toEqual({
      status: "TIMED_OUT",
      error: "States.Timeout",
      slept: [0, 70_000, 70_000, 70_000, 30_000],
      took: 240_000,
    });
  });

  test("ends an execution that goes round and round", async () => {
    const replies = { "check-funds": [failing("SessionRejectedError")] };
    const limits: number[] = [];
    const { status, calls } = await simulated({ replies }, { takesMs: 10_000, limits });
    expect(status).toBe("TIMED_OUT");
    expect(calls).toHaveLength(25);
    // The last ones are given what is left.
    expect(limits.slice(-3)).toEqual([20_000, 10_000, 0]);
  });

  test("is what a function is given, and what comes later is a timeout", async () => {
    const limits: number[] = [];
    const { calls, states, output } = await simulated({ replies: {} }, { takesMs: 45_000, limits });
    // `authenticate` has 30 s.
    expect(calls).toHaveLength(1);
    expect(states.at(-1)).toBe("LeaveToFollowUp");
    expect(output).toMatchObject({ error: { Error: "States.Timeout" } });
    expect(limits).toEqual([30_000]);
  });
});

describe("data", () => {
  test("carries what a function threw, as Lambda tells it", async () => {
    const { output } = await simulated({ replies: { authenticate: [failing("CredentialsRejectedError")] } });
    const cause = JSON.stringify({ errorType: "CredentialsRejectedError", errorMessage: "why" });
    expect(output).toMatchObject({ error: { Error: "CredentialsRejectedError", Cause: cause } });
  });

  test("given is never changed", async () => {
    const given = Object.freeze({ ...spendback, session: Object.freeze({ renewals: 7 }) });
    await simulated({ replies: { "check-funds": [failing("SessionRejectedError"), { enough: true }] }, given });
    expect(given).toEqual({ ...spendback, session: { renewals: 7 } });
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the definition's own placeholder.
const task = { Type: "Task", Resource: "${OneFunctionArn}", Next: "Last" };
const rule = { Variable: "$.a", BooleanEquals: true, Next: "Last" };
const retry = { ErrorEquals: ["A"] };

describe("compiling refuses", () => {
  test.each([
    ["a field that it does not know", { ...task, ResultSelector: {} }],
    ["an input path", { ...task, InputPath: "$.a" }],
    ["a longest delay", { ...task, Retry: [{ ...retry, MaxDelaySeconds: 3 }] }],
    ["a reserved error that it does not know", { ...task, Retry: [{ ErrorEquals: ["States.TaskFailed"] }] }],
    ["a state that it does not know", { Type: "Map", ItemProcessor: {}, Next: "Last" }],
    ["a comparison that it does not know", { Type: "Choice", Choices: [{ ...rule, NumericEquals: 1 }] }],
    ["another comparison", { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "Last" }] }],
    ["a combination", { Type: "Choice", Choices: [{ Not: rule, Next: "Last" }] }],
    ["an expression for a path", { ...task, ResultPath: "$.a[0]" }],
    ["the context", { Type: "Wait", SecondsPath: "$$.Execution.Input", Next: "Last" }],
    ["JSONata", { ...task, QueryLanguage: "JSONata" }],
    ["a state that goes nowhere", { Type: "Wait", Seconds: 1 }],
    ["a state that goes to nobody", { ...task, Next: "Nobody" }],
    ["a catcher that goes to nobody", { ...task, Catch: [{ ErrorEquals: ["A"], Next: "Nobody" }] }],
  ])("%s", (_what, first) => {
    const definition = (state: object) =>
      JSON.stringify({ StartAt: "First", States: { First: state, Task: task, Last: { Type: "Succeed" } } });
    expect(() => compileFlow(definition(first), { One: "one" })).toThrow(/beyond its interpreter|no state|either Next/);
    expect(() => compileFlow(definition(task), { One: "one" })).not.toThrow();
  });

  test("a task that nobody does", () => {
    expect(() => compileFlow(text, { ...tasks, Stranger: "stranger" })).toThrow("Stranger");
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the definition's own placeholder.
