/** The event bus: what it takes, whom it tells, and what becomes of an event that nobody can handle. */
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { FailureRecord } from "../../local/async-invocation.ts";
import { createEventBus } from "../../local/event-bus.ts";
import type { Rule } from "../../local/event-rule.ts";
import { FunctionError } from "../../local/function-error.ts";
import { fileJournal } from "../../local/queue-journal.ts";

const entry = { Source: "moneyback", DetailType: "transaction.succeeded", Detail: '{"id":"txn_1"}' };
const rule: Rule = { name: "all", pattern: { source: ["moneyback"] }, function: "receive" };

type Invoke = (name: string, event: unknown, options: { requestId: string }) => Promise<unknown>;

function bus(invoke: Invoke = async () => null, rules: Rule[] = [rule]) {
  const spy = vi.fn(invoke);
  const given: [queue: string, record: FailureRecord][] = [];
  const now = () => new Date("2026-11-20T13:05:01.234Z");
  const giveUpTo = (queue: string, record: FailureRecord) => void given.push([queue, record]);
  return { invoke: spy, given, ...createEventBus({ rules, invoke: spy, giveUpTo, now }) };
}

describe("an event", () => {
  test("arrives in EventBridge's envelope at each function whose rule matches it", async () => {
    const other: Rule = { name: "other", pattern: { "detail-type": [{ suffix: ".failed" }] }, function: "alarm" };
    const { put, idle, invoke, recent } = bus(undefined, [rule, other]);
    const result = put([{ ...entry, Resources: ["arn:one"] }]);
    await idle();
    const event = {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "transaction.succeeded",
      source: "moneyback",
      account: "000000000000",
      time: "2026-11-20T13:05:01Z",
      region: "us-east-1",
      resources: ["arn:one"],
      detail: { id: "txn_1" },
    };
    expect(invoke.mock.calls).toEqual([["receive", event, { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]]);
    expect(recent()).toEqual([event]);
    expect(result).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: recent()[0]?.id }] });
  });

  test("keeps the time its sender gave it", () => {
    const { put, recent } = bus();
    put([{ ...entry, Time: new Date("2020-01-02T03:04:05Z") }]);
    expect(recent()[0]?.time).toBe("2020-01-02T03:04:05Z");
  });

  test("comes again when the function fails", async () => {
    let calls = 0;
    const { put, idle, invoke, deadLetters } = bus(async () => {
      calls += 1;
      if (calls < 3) throw new Error("not now");
    });
    put([entry]);
    await idle();
    expect(invoke).toHaveBeenCalledTimes(3);
    expect(deadLetters()).toEqual([]);
  });

  test("ends as a dead letter after three failures", async () => {
    const { put, idle, invoke, deadLetters, recent } = bus(async () => {
      throw new Error("never");
    });
    put([entry]);
    await idle();
    expect(invoke).toHaveBeenCalledTimes(3);
    expect(deadLetters()).toEqual([{ rule: "all", event: recent()[0], error: "Error: never" }]);
  });

  test("that was given up goes to its rule's queue, as Lambda writes it, after the retries of the rule", async () => {
    const letters: Rule = { ...rule, retryAttempts: 1, deadLetterQueue: "letters" };
    const { put, idle, invoke, given, recent } = bus(
      async (functionName) => {
        throw new FunctionError(functionName, {
          errorType: "RejectedRequestError",
          errorMessage: "no",
          trace: ["at x"],
        });
      },
      [letters],
    );
    put([entry]);
    await idle();
    const requestIds = invoke.mock.calls.map(([, , { requestId }]) => requestId);
    expect(requestIds).toHaveLength(2);
    expect(new Set(requestIds).size).toBe(1);
    expect(given).toEqual([
      [
        "letters",
        {
          version: "1.0",
          timestamp: "2026-11-20T13:05:01.234Z",
          requestContext: {
            requestId: requestIds[0],
            functionArn: "arn:aws:lambda:us-east-1:000000000000:function:receive:$LATEST",
            condition: "RetriesExhausted",
            approximateInvokeCount: 2,
          },
          requestPayload: recent()[0],
          responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
          responsePayload: { errorType: "RejectedRequestError", errorMessage: "no" },
        },
      ],
    ]);
  });

  test("that no rule wants in a queue is only remembered", async () => {
    const { put, idle, given, deadLetters } = bus(async () => {
      throw new Error("never");
    });
    put([entry]);
    await idle();
    expect([given, deadLetters().length]).toEqual([[], 1]);
  });

  test("is forgotten after a thousand newer ones", () => {
    const { put, recent } = bus(undefined, []);
    for (let index = 0; index < 1_001; index += 1) put([{ ...entry, Detail: JSON.stringify({ index }) }]);
    expect(recent()).toHaveLength(1_000);
    expect(recent()[0]?.detail).toEqual({ index: 1 });
  });
});

describe("an entry", () => {
  test.each([
    ["no source", { ...entry, Source: undefined }, "InvalidArgument"],
    ["no detail type", { ...entry, DetailType: "" }, "InvalidArgument"],
    ["no detail", { ...entry, Detail: undefined }, "InvalidArgument"],
    ["a detail that is no JSON", { ...entry, Detail: "{" }, "MalformedDetail"],
    ["a detail that is no object", { ...entry, Detail: "[]" }, "MalformedDetail"],
    ["AWS's own source", { ...entry, Source: "aws.events" }, "NotAuthorizedForSourceException"],
  ])("with %s is refused by itself", async (_, wrong, code) => {
    const { put, idle, invoke } = bus();
    expect(put([wrong, entry])).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code }, { EventId: expect.any(String) }],
    });
    await idle();
    expect(invoke).toHaveBeenCalledOnce();
  });
});

describe("the bus", () => {
  test("refuses a rule that is malformed", () => {
    expect(() => bus(undefined, [{ ...rule, pattern: { source: [{ like: "m" }] } }])).toThrow('"like"');
  });

  test("stops without waiting for tries to come", async () => {
    const { put, stop, invoke, deadLetters } = bus(async () => {
      throw new Error("never");
    });
    put([entry]);
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledOnce());
    await stop();
    expect(deadLetters()).toHaveLength(1);
  });
});

describe("a bus that keeps what it takes", () => {
  const requests: Rule = { ...rule, name: "requests", retryAttempts: 2, deadLetterQueue: "letters" };
  const wakes: Rule = { ...rule, name: "wakes", function: "wake", retryAttempts: 0 };
  const fileIn = async () => join(await mkdtemp(join(tmpdir(), "moneyback-bus-")), "deliveries.jsonl");

  /** One run of it. */
  function kept(file: string, invoke: Invoke, rules: Rule[] = [requests, wakes]) {
    const calls: [name: string, id: string][] = [];
    const given: FailureRecord[] = [];
    const events = createEventBus({
      rules,
      journal: fileJournal(file),
      giveUpTo: (_, record) => given.push(record),
      invoke(name, event, options) {
        calls.push([name, (event as { id: string }).id]);
        return invoke(name, event, options);
      },
    });
    return { ...events, calls, given };
  }

  const never = () => new Promise<never>(() => {});
  const done = async () => null;

  test("delivers after a crash what was not taken yet, under the same id, in order, and once", async () => {
    const file = await fileIn();
    // The first event is taken; then the function hangs, and the process is gone.
    let calls = 0;
    const first = kept(file, () => (calls++ === 0 ? done() : never()), [requests]);
    const results = first.put([entry, { ...entry, Detail: '{"id":"txn_2"}' }, { ...entry, Detail: '{"id":"txn_3"}' }]);
    await vi.waitFor(() => expect(readFileSync(file, "utf8")).toContain("deleted"));
    const ids = results.Entries.map((result) => ("EventId" in result ? result.EventId : ""));

    const second = kept(file, done);
    await second.idle();
    expect(second.calls).toEqual([
      ["receive", ids[1]],
      ["receive", ids[2]],
    ]);
    const third = kept(file, done);
    await third.idle();
    expect(third.calls).toEqual([]);
  });

  test("hands over the whole event again", async () => {
    const file = await fileIn();
    const first = kept(file, never);
    first.put([{ ...entry, Resources: ["arn:one"], Time: new Date("2020-01-02T03:04:05Z") }]);
    const [event] = first.recent();
    let again: unknown;
    await kept(file, async (_, given) => {
      again = given;
    }).idle();
    expect(again).toEqual(event);
  });

  test("keeps no wakings: who is woken comes by itself", async () => {
    const file = await fileIn();
    const first = kept(file, never);
    first.put([entry]);
    const second = kept(file, done);
    await second.idle();
    expect(first.calls.map(([name]) => name)).toEqual(["receive", "wake"]);
    expect(second.calls.map(([name]) => name)).toEqual(["receive"]);
  });

  test("keeps what was put aside no longer", async () => {
    const file = await fileIn();
    const fails = async () => {
      throw new Error("never");
    };
    const first = kept(file, fails, [requests]);
    first.put([entry]);
    await first.idle();
    expect(first.given).toHaveLength(1);
    const second = kept(file, done);
    await second.idle();
    expect(second.calls).toEqual([]);
  });

  test("that is stopped between two tries puts nothing aside: the next run tries again", async () => {
    const file = await fileIn();
    const first = kept(file, async () => {
      throw new Error("not now");
    }, [requests]);
    first.put([entry]);
    await vi.waitFor(() => expect(first.calls).toHaveLength(1));
    await first.stop();
    expect([first.given, first.deadLetters()]).toEqual([[], []]);
    const second = kept(file, done);
    await second.idle();
    expect(second.calls).toEqual(first.calls.slice(0, 1));
  });
});
