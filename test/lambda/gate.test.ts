/** Facts about a connection's pace: requests go when their slot comes, or not at all. */
import { describe, expect, test } from "vitest";
import { captureLog } from "./api-event.ts";
import { brokenStates, down, gateStage, ok } from "./gate-stage.ts";

captureLog();

const usedUp = { kind: "not-sent", detail: "the provider is not called: its rate is used up" };

describe("requests of a connection with a rate", () => {
  test("go an interval apart, and those that would wait longer than two seconds do not go", async () => {
    const { gate, sentAt } = gateStage({ requestsPerSecond: 2 });
    const { send } = gate();
    const exchanges = await Promise.all(Array.from({ length: 7 }, send));
    expect(sentAt).toEqual([0, 500, 1_000, 1_500, 2_000]);
    expect(exchanges).toEqual([ok, ok, ok, ok, ok, usedUp, usedUp]);
  });

  test.each([
    [3, [0, 334, 668, 1_002, 1_336, 1_670]],
    [0.5, [0, 2_000]],
    [0.4, [0]],
  ])("go never faster than %d a second", async (requestsPerSecond, times) => {
    const { gate, sentAt } = gateStage({ requestsPerSecond });
    const { send } = gate();
    await Promise.all(Array.from({ length: 10 }, send));
    expect(sentAt).toEqual(times);
  });

  test("go at once after a pause, but for what was not used nobody may hurry", async () => {
    const { gate, sentAt, until } = gateStage({ requestsPerSecond: 10 });
    const { send } = gate();
    await send();
    until(5_000);
    await Promise.all([send(), send()]);
    expect(sentAt).toEqual([0, 5_000, 5_100]);
  });

  test("of several Lambdas share it: together they are never faster", async () => {
    const { gate, sentAt, clock } = gateStage({ requestsPerSecond: 5 });
    const lambdas = [gate(), gate(), gate()];
    await Promise.all(
      lambdas.map(async ({ send }, n) => {
        for (let round = 0; round < 12; round++) {
          await clock.sleep(70 * (n + 1));
          await send();
        }
      }),
    );
    expect(sentAt).toHaveLength(36);
    for (const [place, at] of sentAt.entries()) {
      if (place > 0) expect(at - (sentAt[place - 1] ?? 0)).toBeGreaterThanOrEqual(200);
    }
    // And they use it: 36 requests need 35 intervals.
    expect(sentAt.at(-1)).toBe(70 + 35 * 200);
  });

  test("do not go where no slot can be taken", async () => {
    const { gate, sentAt } = gateStage({ requestsPerSecond: 5, states: { takeSlot: brokenStates.takeSlot } });
    const refusal = "the provider is not called: its rate cannot be kept just now";
    expect(await gate().send()).toEqual({ kind: "not-sent", detail: refusal });
    expect(await gate().reserve()).toEqual({ kind: "refused", detail: refusal });
    expect(sentAt).toEqual([]);
  });
});

describe("a connection without a rate", () => {
  test("takes no slots: its requests go at once, and nothing is written", async () => {
    const { gate, sentAt, calls } = gateStage();
    const { send, reserve } = gate();
    await Promise.all(Array.from({ length: 20 }, send));
    await reserve();
    expect(sentAt).toEqual(Array.from({ length: 20 }, () => 0));
    expect(new Set(calls)).toEqual(new Set(["get"]));
  });
});

describe("a reservation", () => {
  test("waits for the slot, so that the next request goes at once; the one after it waits again", async () => {
    const { gate, sentAt, passed } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    await send();
    expect(await reserve()).toMatchObject({ kind: "reserved" });
    expect(passed()).toBe(1_000);
    await send();
    expect(passed()).toBe(1_000);
    await send();
    expect(sentAt).toEqual([0, 1_000, 2_000]);
  });

  test("leaves nothing to be asked of the store before the request", async () => {
    const { gate, calls, clock } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    await reserve();
    calls.length = 0;
    clock.advance(4_999);
    expect(await send()).toEqual(ok);
    expect(calls).toEqual([]);
  });

  test("is void after five seconds: the request takes a slot of its own", async () => {
    const { gate, calls, clock } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    await reserve();
    clock.advance(5_000);
    calls.length = 0;
    await send();
    expect(calls).toEqual(["get", "takeSlot"]);
  });

  test("is one request's: of two, the second takes a slot", async () => {
    const { gate, sentAt } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    await reserve();
    await Promise.all([send(), send()]);
    expect(sentAt).toEqual([0, 1_000]);
  });

  test("that is given back is nobody's: the next request does not go in its turn", async () => {
    const { gate, sentAt, until } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    const unused = await reserve();
    until(900);
    if (unused.kind === "reserved") unused.release();
    await Promise.all([gate().send(), send()]);
    expect(sentAt).toEqual([1_000, 2_000]);
  });

  test("that is used and then given back takes nothing from the next one", async () => {
    const { gate, calls } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    const used = await reserve();
    await send();
    await reserve();
    if (used.kind === "reserved") used.release();
    calls.length = 0;
    await send();
    expect(calls).toEqual([]);
  });

  test("is its Lambda's: another one's request waits for its own slot", async () => {
    const { gate, sentAt } = gateStage({ requestsPerSecond: 1 });
    await gate().reserve();
    await gate().send();
    expect(sentAt).toEqual([1_000]);
  });

  test("is refused where the slot would come too late, and takes none", async () => {
    const { gate, sentAt } = gateStage({ requestsPerSecond: 1 });
    const { send, reserve } = gate();
    const before = [send(), send(), send()];
    expect(await reserve()).toEqual({ kind: "refused", detail: usedUp.detail });
    await Promise.all(before);
    await send();
    expect(sentAt).toEqual([0, 1_000, 2_000, 3_000]);
  });
});

describe("the store's being down", () => {
  test("changes nothing for a request, whatever became of it", async () => {
    for (const exchange of [ok, down, { kind: "in-doubt", detail: "ECONNRESET" } as const]) {
      const { gate } = gateStage({ states: brokenStates, answer: () => exchange });
      const { send, reserve } = gate();
      expect(await send()).toEqual(exchange);
      expect(await reserve()).toMatchObject({ kind: "reserved" });
    }
  });

  test("is found out once a second, not at each request", async () => {
    const { gate, calls, clock } = gateStage({ states: { get: brokenStates.get } });
    const { send } = gate();
    for (let n = 0; n < 20; n++) {
      await send();
      clock.advance(100);
    }
    expect(calls).toEqual(["get", "get"]);
  });
});
