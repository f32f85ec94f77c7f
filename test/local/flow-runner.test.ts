/** The flow runner: Lambda errors against Retry and Catch, and the life of an Express execution. */
import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { renderDefinition } from "../../lib/flow/render.ts";
import { createFlowRunner, type Execution, type FlowRunner } from "../../local/flow-runner.ts";
import { FunctionError } from "../../local/function-error.ts";

type Answer = (event: Record<string, unknown>, call: number) => unknown;

/** Runs a machine of the given states; each function answers by its name. `outputs` holds what the state Out was given. */
function machine(states: object, functions: Record<string, Answer>, rest: object = {}) {
  const calls: string[] = [];
  const ended: Execution[] = [];
  const taskFunctions = Object.fromEntries(Object.keys(functions).map((name) => [name, name]));
  const flow = createFlowRunner({
    definitionText: JSON.stringify({ StartAt: "First", States: states, ...rest }),
    taskFunctions,
    onEnd: (execution) => ended.push(execution),
    async invoke(functionName, event) {
      calls.push(functionName);
      const count = calls.filter((name) => name === functionName).length;
      return functions[functionName]?.(event as Record<string, unknown>, count);
    },
  });
  return { flow, calls, ended, of: (name: string) => calls.filter((called) => called === name).length };
}

function throwing(errorType: string): Answer {
  return () => {
    throw new FunctionError("f", { errorType, errorMessage: "why", trace: ["at f"] });
  };
}

async function finished(flow: FlowRunner, input: object = {}): Promise<Execution> {
  flow.start({ input: JSON.stringify(input) });
  await flow.idle();
  return flow.executions().at(-1) as Execution;
}

const task = (name: string, rest: object = {}) => ({
  Type: "Task",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the definition's own placeholder.
  Resource: "${NAMEFunctionArn}".replace("NAME", name),
  End: true,
  ...rest,
});
const soon = { IntervalSeconds: 1, BackoffRate: 1, JitterStrategy: "FULL", MaxDelaySeconds: 1 };

describe.concurrent("a task", () => {
  test("gets the state's input, and its result goes where ResultPath says", async () => {
    const seen: unknown[] = [];
    const { flow } = machine(
      { First: task("One", { ResultPath: "$.one.result", End: undefined, Next: "Second" }), Second: task("Two") },
      { One: () => ({ ok: true }), Two: (event) => void seen.push(event) },
    );
    const execution = await finished(flow, { id: "txn_1", one: { kept: 1 } });
    expect(execution).toMatchObject({ status: "SUCCEEDED", states: ["First", "Second"] });
    expect(seen).toEqual([{ id: "txn_1", one: { kept: 1, result: { ok: true } } }]);
  });

  test("is retried by the name of what it threw, and no other", async () => {
    const retry = [{ ErrorEquals: ["NotSentError"], MaxAttempts: 2, ...soon }];
    const { flow, of } = machine(
      { First: task("One", { Retry: retry }) },
      { One: (event, call) => (call < 3 ? throwing("NotSentError")(event, call) : "done") },
    );
    expect(await finished(flow)).toMatchObject({ status: "SUCCEEDED", states: ["First", "First", "First"] });
    expect([of("One"), flow.transitions()]).toEqual([3, 3]);

    const other = machine({ First: task("One", { Retry: retry }) }, { One: throwing("SessionRejectedError") });
    expect(await finished(other.flow)).toMatchObject({ status: "FAILED", error: { name: "SessionRejectedError" } });
    expect(other.of("One")).toBe(1);
  });

  test("is not retried more often than MaxAttempts, and then caught", async () => {
    const { flow, of, calls } = machine(
      {
        First: task("One", {
          Retry: [{ ErrorEquals: ["NotSentError"], MaxAttempts: 1, ...soon }],
          Catch: [
            { ErrorEquals: ["OtherError"], Next: "Wrong" },
            { ErrorEquals: ["NotSentError"], ResultPath: "$.error", Next: "Right" },
            { ErrorEquals: ["States.ALL"], Next: "Wrong" },
          ],
        }),
        Right: task("Right"),
        Wrong: task("Wrong"),
      },
      { One: throwing("NotSentError"), Right: () => null, Wrong: () => null },
    );
    expect(await finished(flow)).toMatchObject({ status: "SUCCEEDED", states: ["First", "First", "Right"] });
    expect(of("One")).toBe(2);
    expect(calls.at(-1)).toBe("Right");
  });

  test.each(["Sandbox.Timedout", "Runtime.ExitError", "TypeError"])(
    "that ends with %s is caught by States.ALL",
    async (name) => {
      const seen: Record<string, unknown>[] = [];
      const { flow } = machine(
        {
          First: task("One", {
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.session.rejected", Next: "Out" }],
          }),
          Out: task("Out"),
        },
        { One: throwing(name), Out: (event) => void seen.push(event) },
      );
      await finished(flow, { id: "txn_1" });
      const { Error: error, Cause } = (seen[0] as { session: { rejected: { Error: string; Cause: string } } }).session
        .rejected;
      expect(seen[0]).toMatchObject({ id: "txn_1" });
      expect(error).toBe(name);
      expect(JSON.parse(Cause)).toEqual({ errorType: name, errorMessage: "why", trace: ["at f"] });
    },
  );

  test("that is slower than TimeoutSeconds ends with States.Timeout", async () => {
    const { flow } = machine(
      {
        First: task("One", { TimeoutSeconds: 1, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Out" }] }),
        Out: task("Out"),
      },
      { One: () => new Promise(() => {}), Out: () => null },
    );
    expect(await finished(flow)).toMatchObject({ status: "SUCCEEDED", states: ["First", "Out"] });
  });

  test("that returns more than 256 KB fails the execution, whatever is caught", async () => {
    const { flow } = machine(
      { First: task("One", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Out" }] }), Out: task("Out") },
      { One: () => "x".repeat(262_144), Out: () => null },
    );
    expect(await finished(flow)).toMatchObject({ status: "FAILED", error: { name: "States.DataLimitExceeded" } });
  });
});

describe.concurrent("an execution", () => {
  test("starts at once and runs in the background", async () => {
    const gate = Promise.withResolvers<string>();
    const { flow, ended } = machine({ First: task("One") }, { One: () => gate.promise });
    const { executionArn, startDate } = flow.start({ name: "txn_1", input: "{}" });
    expect(executionArn).toMatch(
      /^arn:aws:states:us-east-1:000000000000:express:moneyback-local-flow:txn_1:[0-9a-f-]{36}$/,
    );
    expect(startDate).toBeInstanceOf(Date);
    expect(flow.executions()[0]).toMatchObject({ name: "txn_1", status: "RUNNING" });
    gate.resolve("done");
    await flow.idle();
    expect(ended).toMatchObject([{ name: "txn_1", status: "SUCCEEDED", stopDate: expect.any(Date) }]);
  });

  test("may share its name with others", async () => {
    const { flow, of } = machine({ First: task("One") }, { One: () => null });
    flow.start({ name: "same" });
    flow.start({ name: "same" });
    await flow.idle();
    expect(of("One")).toBe(2);
  });

  test("that is stopped calls nobody any more, not even to retry", async () => {
    const { flow, of } = machine(
      {
        First: task("One", {
          Retry: [{ ErrorEquals: ["NotSentError"], IntervalSeconds: 60, MaxAttempts: 3 }],
        }),
      },
      { One: throwing("NotSentError") },
    );
    flow.start({});
    await vi.waitFor(() => expect(of("One")).toBe(1));
    await flow.stop();
    expect(flow.executions()[0]).toMatchObject({ status: "ABORTED" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(of("One")).toBe(1);
  });

  test("that outlives the machine's TimeoutSeconds has timed out, and calls nobody any more", async () => {
    const { flow, of } = machine(
      { First: task("One", { Retry: [{ ErrorEquals: ["NotSentError"], IntervalSeconds: 60 }] }) },
      { One: throwing("NotSentError") },
      { TimeoutSeconds: 3 },
    );
    expect(await finished(flow)).toMatchObject({ status: "TIMED_OUT" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(of("One")).toBe(1);
  });

  test.each([
    ["an input above 256 KB", { input: JSON.stringify("x".repeat(262_144)) }, "ValidationException"],
    ["an input that is no JSON", { input: "{" }, "InvalidExecutionInput"],
    ["a name with a colon", { name: "a:b" }, "InvalidName"],
    ["a name with a space", { name: "a b" }, "InvalidName"],
    ["an empty name", { name: "" }, "InvalidName"],
    ["a name of 81 characters", { name: "a".repeat(81) }, "InvalidName"],
  ])("is refused with %s", (_, request, name) => {
    const { flow } = machine({ First: task("One") }, { One: () => null });
    expect(() => flow.start(request)).toThrow(expect.objectContaining({ name }));
    expect(flow.executions()).toEqual([]);
  });

  test("is forgotten when a thousand newer ones have run", async () => {
    const { flow } = machine({ First: { Type: "Succeed" } }, {});
    for (let index = 0; index < 1_001; index += 1) flow.start({ name: `e-${index}` });
    await flow.idle();
    expect(flow.executions()).toHaveLength(1_000);
    expect(flow.executions()[0]).toMatchObject({ name: "e-1" });
  });
});

describe("the deployed definition", () => {
  test("runs unchanged: a session that is rejected once is renewed", async () => {
    const definitionText = await readFile(new URL("../../lib/flow/definition.asl.json", import.meta.url), "utf8");
    const calls: string[] = [];
    const flow = createFlowRunner({
      definitionText,
      async invoke(functionName) {
        calls.push(functionName);
        if (functionName === "authenticate") return { renewals: 0 };
        if (functionName === "check-funds" && calls.length === 2) throwing("SessionRejectedError")({}, 1);
        if (functionName === "check-funds") return { enough: true };
        return { outcome: "settled", over: true };
      },
    });
    const execution = await finished(flow, { transactionId: "txn_1", connection: "c", kind: "spendback" });
    expect(execution.status).toBe("SUCCEEDED");
    expect(calls).toEqual(["authenticate", "check-funds", "authenticate", "check-funds", "submit-spendback"]);
    expect(execution.states.at(-1)).toBe("Done");
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the definition's own placeholders.
describe("rendering", () => {
  test("fills every placeholder", () => {
    expect(renderDefinition('["${AFunctionArn}","${BFunctionArn}","${AFunctionArn}"]', { A: "a", B: "b" })).toBe(
      '["a","b","a"]',
    );
  });

  test.each(["${CFunctionArn}", "${A}", "${FunctionArn}", "${constructorFunctionArn}"])("refuses %s", (text) => {
    expect(() => renderDefinition(`\${AFunctionArn} ${text}`, { A: "a" })).toThrow(text);
  });

  test("refuses an ARN that nothing uses", () => {
    expect(() => renderDefinition("${AFunctionArn}", { A: "a", B: "b" })).toThrow("no placeholder for B");
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the definition's own placeholders.
