/** Facts about the shell of every task: what the flow may see of an error, and what the log says. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import {
  CredentialsRejectedError,
  NotSentError,
  ProviderUnavailableError,
  SessionRejectedError,
  StoreUnavailableError,
} from "../../lib/domain/errors.ts";
import { hearUnits } from "../../lib/lambda/meter.ts";
import { taskHandler } from "../../lib/lambda/task.ts";
import { captureLog, context } from "./api-event.ts";

const input = { transactionId: "txn_1", connection: "ipayout", kind: "spendback" };
const log = captureLog();

const throwing = (error: unknown) =>
  taskHandler(
    {
      run: async () => {
        throw error;
      },
    },
    () => ({}),
  );

describe("a task", () => {
  test("is given the flow's state and answers with its result; one line says so", async () => {
    const handler = taskHandler({ run: async (given) => ({ outcome: "settled", given }) }, () => ({}));
    const state = { ...input, session: { renewals: 1 }, token: "secret-4711" };
    expect(await handler(state, context)).toEqual({
      outcome: "settled",
      given: { ...input, session: { renewals: 1 } },
    });
    expect(log.lines()).toMatchObject([
      {
        level: "info",
        event: "task",
        requestId: "lambda-1",
        function: "moneyback-test",
        transactionId: "txn_1",
        connection: "ipayout",
        outcome: "settled",
      },
    ]);
    expect(log.text()).not.toContain("4711");
  });

  test.each([
    ["CredentialsRejectedError", new CredentialsRejectedError("refused")],
    ["NotSentError", new NotSentError("unreachable")],
    ["ProviderUnavailableError", new ProviderUnavailableError("no answer")],
    ["SessionRejectedError", new SessionRejectedError("2026-11-20T09:30:00.000Z")],
    ["StoreUnavailableError", new StoreUnavailableError("throttled")],
  ])("that throws %s lets the flow see it by name", async (name, error) => {
    const thrown: unknown = await throwing(error)(input, context).catch((one: unknown) => one);
    expect(thrown).toBe(error);
    expect(thrown).toHaveProperty("name", name);
    expect(log.lines()).toMatchObject([{ level: "warn", event: "task", errorName: name }]);
  });

  test.each([
    ["a bug", new TypeError("secret-4711 is not a function")],
    ["something that is no error", "secret-4711"],
  ])("that runs into %s shows the flow a fixed text", async (_name, error) => {
    const thrown: unknown = await throwing(error)(input, context).catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ name: "UnexpectedError", message: "see the log" });
    expect(JSON.stringify(thrown) + String((thrown as Error).cause)).not.toContain("4711");
    expect(log.lines()).toMatchObject([{ level: "error", event: "task", transactionId: "txn_1" }]);
    expect(log.text()).not.toContain("4711");
  });

  test("in a flow that is metered hands its own consumption on with its result, after what came before", async () => {
    const handler = taskHandler(
      {
        statesAround: 2,
        run: async () => {
          hearUnits({ writeUnits: 0, readHalfUnits: 3 });
          return { outcome: "settled" };
        },
      },
      () => ({}),
    );
    const spent = { step: 4, since: 1_000, cost: { ...noCost, lambdaCalls: 2, transitions: 4 } };
    const inMemory = { ...context, memoryLimitInMB: "512" };
    expect(await handler({ ...input, session: { renewals: 0, spent } }, inMemory)).toEqual({
      outcome: "settled",
      spent: {
        step: 5,
        since: 1_000,
        cost: {
          ...noCost,
          lambdaCalls: 3,
          readHalfUnits: 3,
          transitions: 7,
          lambdaMs: expect.any(Number),
          lambdaMbMs: expect.any(Number),
        },
      },
    });
  });

  test("refuses a state that is none", async () => {
    await expect(throwing(new Error("never"))({ transactionId: "txn_1" }, context)).rejects.toThrow();
  });
});
