/** Facts about a connection's breaker: when it opens, who may try, and when it closes. */
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../lib/providers/http.ts";
import { captureLog } from "./api-event.ts";
import { brokenStates, down, gateStage, ok, openBreaker } from "./gate-stage.ts";

const log = captureLog();

const answered = (status: number): Exchange => ({ kind: "answered", status, text: "" });
const inDoubt: Exchange = { kind: "in-doubt", detail: "no answer within 15000 ms" };
const unreachable: Exchange = { kind: "not-sent", detail: "ECONNREFUSED" };

/** The provider is down, but for the times from `ms` on. */
const backAt = (ms: number) => (now: number) => (now < ms ? down : ok);
const isDown = { answer: () => down };

const refusal = (detail: string) => ({ kind: "not-sent", detail: `the provider is not called: ${detail}` });

describe("the breaker", () => {
  test("opens for ten seconds with the fifth failure in a row, the first of them three seconds ago", async () => {
    const stage = gateStage(isDown);
    await openBreaker(stage);
    expect(stage.sentAt).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    for (const at of [4_000, 9_000, 13_999]) {
      stage.until(at);
      const detail = "it failed 5 times in a row, next try at 2026-11-20T09:30:14.000Z";
      expect(await stage.gate().send()).toEqual(refusal(detail));
      expect(await stage.gate().reserve()).toEqual({
        kind: "refused",
        detail: `the provider is not called: ${detail}`,
      });
    }
    expect(stage.sentAt).toHaveLength(5);
    expect(log.lines()).toMatchObject([{ level: "warn", event: "breaker opened", connection: "scripted", count: 5 }]);
  });

  test("that is open costs a connection none of its slots", async () => {
    const stage = gateStage({ ...isDown, requestsPerSecond: 10 });
    await openBreaker(stage);
    stage.calls.length = 0;
    expect(await stage.gate().send()).toMatchObject({ kind: "not-sent" });
    expect(stage.calls).toEqual(["get"]);
  });

  test("stays closed in a burst of failures, and opens when they still come three seconds later", async () => {
    const { gate, sentAt, until } = gateStage(isDown);
    const { send } = gate();
    await Promise.all(Array.from({ length: 50 }, send));
    until(2_999);
    expect(await send()).toEqual(down);
    until(3_000);
    expect(await send()).toEqual(down);
    expect(await send()).toMatchObject({ kind: "not-sent" });
    expect(sentAt).toHaveLength(52);
  });

  test("stays closed with four failures, however long they last", async () => {
    const { gate, until } = gateStage(isDown);
    for (const seconds of [0, 100, 200, 300, 400]) {
      until(seconds * 1_000);
      expect(await gate().send()).toEqual(down);
    }
  });

  test.each<[string, Exchange]>([
    ["a timeout", inDoubt],
    ["a refused connection", unreachable],
    ["HTTP 500", answered(500)],
    ["HTTP 503", answered(503)],
    ["a gateway's 522", answered(522)],
  ])("counts %s as a failure, and passes it on as it is", async (_name, exchange) => {
    const stage = gateStage({ answer: () => exchange });
    expect(await stage.gate().send()).toEqual(exchange);
    expect(await stage.run()).toMatchObject({ failures: 1 });
    stage.until(10_000);
    await openBreaker(stage);
    // The fifth of them was the sixth in the run, and was refused.
    expect(await stage.run()).toMatchObject({ failures: 5, openings: 1 });
    expect(stage.sentAt).toEqual([0, 10_000, 11_000, 12_000, 13_000]);
  });

  test.each([200, 302, 400, 401, 403, 404, 409, 429, 570])(
    "does not count HTTP %i: the provider is there, and a run of failures is over",
    async (status) => {
      const { gate, run, clock, calls } = gateStage({ answer: (ms) => (ms < 1_000 ? down : answered(status)) });
      const { send } = gate();
      await send();
      expect(await run()).toMatchObject({ failures: 1 });
      clock.advance(1_000);
      expect(await send()).toEqual(answered(status));
      expect(await run()).toBeUndefined();
      await send();
      expect(calls.filter((name) => name === "recover")).toHaveLength(1);
    },
  );

  test("stays closed while another Lambda's requests succeed now and then", async () => {
    // Of two kinds of requests at one provider, one always fails.
    let fails = true;
    const { gate, sentAt, clock } = gateStage({ answer: () => (fails ? down : ok) });
    const [failing, well] = [gate(), gate()];
    for (let n = 0; n < 200; n++) {
      fails = true;
      expect(await failing.send()).toEqual(down);
      clock.advance(100);
      fails = false;
      if (n % 10 === 9) expect(await well.send()).toEqual(ok);
    }
    expect(sentAt).toHaveLength(220);
  });

  test("counts the failures of all Lambdas together", async () => {
    const { gate, until } = gateStage(isDown);
    for (const at of [0, 1_000, 2_000, 3_000, 4_000]) {
      until(at);
      expect(await gate().send()).toEqual(down);
    }
    expect(await gate().send()).toMatchObject({ kind: "not-sent" });
  });

  test("costs one read a second and process, and no write while all is well", async () => {
    const { gate, calls, clock } = gateStage();
    const { send } = gate();
    for (let n = 0; n < 30; n++) {
      await send();
      clock.advance(100);
    }
    expect(calls).toEqual(["get", "get", "get"]);
  });
});

describe("when the breaker's time is over", () => {
  test("one caller of many tries, the others are refused, and its success lets all of them through", async () => {
    const stage = gateStage({
      answer: async (ms) => {
        if (ms < 14_000) return down;
        await stage.clock.sleep(700);
        return ok;
      },
    });
    await openBreaker(stage);
    stage.until(14_000);
    const lambdas = Array.from({ length: 10 }, () => stage.gate());
    const exchanges = await Promise.all(lambdas.map(({ send }) => send()));
    expect(exchanges.filter(({ kind }) => kind === "answered")).toEqual([ok]);
    expect(exchanges.filter(({ kind }) => kind !== "answered")).toEqual(
      Array.from({ length: 9 }, () => refusal("it failed 5 times in a row, another caller is trying it")),
    );
    expect(stage.sentAt.slice(5)).toEqual([14_000]);

    // Whoever was refused has learned of it a second later.
    stage.until(15_000);
    expect(await Promise.all(lambdas.map(({ send }) => send()))).toEqual(Array.from({ length: 10 }, () => ok));
    expect(await stage.run()).toBeUndefined();
    expect(log.lines().map(({ event }) => event)).toEqual(["breaker opened", "breaker closed"]);
  });

  test("a failed try opens it again at once, each time for twice as long, at most for five minutes", async () => {
    const stage = gateStage(isDown);
    await openBreaker(stage);
    let at = 4_000;
    for (const seconds of [10, 20, 40, 80, 160, 300, 300]) {
      at += seconds * 1_000;
      stage.until(at - 1);
      expect(await stage.gate().send()).toMatchObject({ kind: "not-sent" });
      stage.until(at);
      expect(await stage.gate().send()).toEqual(down);
    }
    expect(stage.sentAt).toHaveLength(12);
  });

  test("it closes whole: the next run of failures needs five again, and opens for ten seconds", async () => {
    const stage = gateStage({ answer: (ms) => (ms === 14_000 ? ok : down) });
    await openBreaker(stage);
    stage.until(14_000);
    await stage.gate().send();
    stage.until(20_000);
    await openBreaker(stage);
    expect(await stage.run()).toEqual({
      failures: 5,
      failingSince: "2026-11-20T09:30:20.000Z",
      openUntil: "2026-11-20T09:30:34.000Z",
      openings: 1,
    });
  });

  test("a try whose Lambda died is followed by another after thirty seconds", async () => {
    const stage = gateStage({ answer: (ms) => (ms === 14_000 ? new Promise<Exchange>(() => {}) : backAt(14_000)(ms)) });
    await openBreaker(stage);
    stage.until(14_000);
    void stage.gate().send();
    await new Promise(setImmediate);
    stage.until(43_999);
    expect(await stage.gate().send()).toMatchObject({ kind: "not-sent" });
    stage.until(44_000);
    expect(await stage.gate().send()).toEqual(ok);
    expect(await stage.run()).toBeUndefined();
  });

  test("a failure of a request that was sent before it opened says nothing new", async () => {
    const stage = gateStage({
      answer: async (ms) => {
        if (ms === 500) await stage.clock.sleep(15_000);
        return down;
      },
    });
    stage.until(500);
    const late = stage.gate().send();
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    const early = Array.from({ length: 5 }, (_, n) =>
      stage.clock.sleep((n + 1) * 1_000).then(() => stage.gate().send()),
    );
    await Promise.all(early);
    const opened = await stage.run();
    expect(opened).toMatchObject({ openUntil: "2026-11-20T09:30:15.500Z", openings: 1 });
    await late;
    expect(await stage.run()).toEqual({ ...opened, failures: 6 });
  });

  test.each([
    ["of its own Lambda", 0],
    ["of another Lambda, which knows of two failures only", 2],
  ])("a success of a request that was sent before it opened does not close it: %s", async (_name, failuresSeen) => {
    const stage = gateStage({
      answer: async (ms) => {
        if (ms !== failuresSeen * 1_000 + 500) return down;
        await stage.clock.sleep(10_000);
        return ok;
      },
    });
    const [one, another] = [stage.gate(), stage.gate()];
    const { send } = failuresSeen > 0 ? another : one;
    for (let n = 0; n < failuresSeen; n++) {
      await one.send();
      stage.clock.advance(1_000);
    }
    stage.clock.advance(500);
    const late = send();
    await Promise.all(Array.from({ length: 5 }, (_, n) => stage.clock.sleep((n + 1) * 1_000).then(() => one.send())));
    const opened = await stage.run();
    expect(opened).toMatchObject({ openings: 1 });
    expect(await late).toEqual(ok);
    expect(await stage.run()).toEqual(opened);
    expect(await stage.gate().send()).toMatchObject({ kind: "not-sent" });
  });

  test("a try that fails after somebody else's success is the first failure of a new run", async () => {
    const stage = gateStage(isDown);
    await openBreaker(stage);
    stage.until(14_000);
    const { send, reserve } = stage.gate();
    await reserve();
    await stage.states.recover("scripted");
    await send();
    expect(await stage.run()).toEqual({ failures: 1, failingSince: "2026-11-20T09:30:14.000Z", openings: 0 });
  });

  test("whoever reserves the next request has the try", async () => {
    const stage = gateStage({ answer: backAt(14_000) });
    await openBreaker(stage);
    stage.until(14_000);
    const { send, reserve } = stage.gate();
    expect(await reserve()).toMatchObject({ kind: "reserved" });
    expect(await stage.gate().send()).toMatchObject({ kind: "not-sent" });
    expect(await send()).toEqual(ok);
    expect(await stage.gate().send()).toEqual(ok);
  });

  test("a try that was reserved and fails opens it again", async () => {
    const stage = gateStage(isDown);
    await openBreaker(stage);
    stage.until(14_000);
    const { send, reserve } = stage.gate();
    await reserve();
    expect(await send()).toEqual(down);
    expect(await stage.run()).toMatchObject({ openUntil: "2026-11-20T09:30:34.000Z", openings: 2 });
  });

  test("a slot is waited for first, so that the right to try is not held by somebody who waits", async () => {
    const stage = gateStage({ ...isDown, requestsPerSecond: 1 });
    await openBreaker(stage);
    stage.until(14_000);
    stage.calls.length = 0;
    await stage.gate().send();
    expect(stage.calls).toEqual(["get", "takeSlot", "probe", "fail", "open"]);
  });

  test("everybody tries where the store cannot say who may", async () => {
    const stage = gateStage({ answer: backAt(14_000), states: { probe: brokenStates.probe } });
    await openBreaker(stage);
    stage.until(14_000);
    const exchanges = await Promise.all([stage.gate().send(), stage.gate().send()]);
    expect(exchanges).toEqual([ok, ok]);
  });
});

describe("a reserved request", () => {
  test("goes even if the breaker opened since: nothing stands between a claim and its call", async () => {
    const stage = gateStage(isDown);
    const { send, reserve } = stage.gate();
    stage.until(3_500);
    await reserve();
    const run = { failures: 5, failingSince: "2026-11-20T09:30:00.000Z", openings: 0 };
    for (let n = 0; n < 5; n++) await stage.states.fail("scripted", new Date(run.failingSince));
    await stage.states.open("scripted", run, new Date("2026-11-20T09:31:00.000Z"));
    expect(await send()).toEqual(down);
    expect(await send()).toMatchObject({ kind: "not-sent" });
  });
});
