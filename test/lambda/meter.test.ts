/** Facts about the meter: every count is in exactly one write, whatever is refused, repeated or tried again. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { carriedIn } from "../../lib/lambda/flow-meter.ts";
import { type Carried, currentMeter, hearUnits, Meter, metered } from "../../lib/lambda/meter.ts";

/** A clock that is told how late it is. */
function clockAt(ms = 0) {
  let now = ms;
  return { now: () => new Date(now), pass: (more: number) => (now += more) };
}

const carried: Carried = { step: 2, since: 1_000, cost: { ...noCost, readHalfUnits: 6, lambdaCalls: 2 } };

describe("a write", () => {
  test("takes what was consumed before it, and itself; the next one the rest", () => {
    const { now, pass } = clockAt();
    const meter = new Meter({ now, own: { lambdaCalls: 1 }, memoryMb: 512 });
    meter.hear({ readHalfUnits: 2 });
    pass(40);
    expect(meter.take(3, true).spent).toEqual({
      ...noCost,
      writeUnits: 3,
      readHalfUnits: 2,
      lambdaCalls: 1,
      lambdaMs: 40,
      lambdaMbMs: 20_480,
    });
    meter.hear({ writeUnits: 3 });
    meter.made(3);
    pass(5);
    expect(meter.take(1, true).spent).toEqual({ ...noCost, writeUnits: 1, lambdaMs: 5, lambdaMbMs: 2_560 });
  });

  test("that cost more than was foreseen leaves the difference to the next one; one that cost less takes it back there", () => {
    const meter = new Meter({ now: clockAt().now });
    meter.take(1, true);
    meter.hear({ writeUnits: 2 });
    meter.made(1);
    expect(meter.take(3, true).spent.writeUnits).toBe(4);
    meter.hear({ writeUnits: 1 });
    meter.made(3);
    expect(meter.take(2, true).spent.writeUnits).toBe(0);
  });

  test("that was refused gives everything back, and its own refusal is counted", () => {
    const { now, pass } = clockAt(1_000);
    const meter = new Meter({ now, own: { lambdaCalls: 1 }, carried, memoryMb: 256 });
    pass(200);
    const taken = meter.take(2, true);
    meter.hear({ writeUnits: 1 });
    meter.giveBack(taken);
    pass(100);
    expect(meter.take(2, true).spent).toEqual({
      ...noCost,
      writeUnits: 3,
      readHalfUnits: 6,
      lambdaCalls: 3,
      lambdaMs: 300,
      lambdaMbMs: 76_800,
      flowMs: 300,
    });
  });

  test("of many at once takes what is there; together they take everything once", () => {
    const meter = new Meter({ now: clockAt().now, own: { lambdaCalls: 1 } });
    const taken = Array.from({ length: 5 }, () => meter.take(1, false).spent);
    for (let n = 0; n < 5; n++) {
      meter.hear({ writeUnits: 1 });
      meter.made(1);
    }
    const sum = taken.concat(meter.take(0, false).spent);
    expect(sum.reduce((total, one) => total + one.writeUnits, 0)).toBe(5);
    expect(sum.reduce((total, one) => total + one.lambdaCalls, 0)).toBe(1);
  });
});

describe("in a flow", () => {
  test("only what a step comes to takes what the flow carries: a step that is tried again carries it again", () => {
    const { now, pass } = clockAt(1_000);
    const tried = () => new Meter({ now, own: { lambdaCalls: 1 }, carried });
    const first = tried();
    pass(500);
    expect(first.take(1, false).spent).toEqual({ ...noCost, writeUnits: 1, lambdaCalls: 1 });
    const second = tried();
    pass(500);
    expect(second.take(1, true).spent).toEqual({
      ...noCost,
      writeUnits: 1,
      lambdaCalls: 3,
      readHalfUnits: 6,
      flowMs: 1_000,
    });
  });

  test("what a step wrote nothing of goes on with its result, and time is counted from where it was", () => {
    const { now, pass } = clockAt(1_200);
    const meter = new Meter({ now, own: { lambdaCalls: 1 }, carried, memoryMb: 256 });
    meter.hear({ readHalfUnits: 1 });
    pass(30);
    expect(meter.handOn()).toEqual({
      step: 3,
      since: 1_000,
      cost: { ...noCost, readHalfUnits: 7, lambdaCalls: 3, lambdaMs: 30, lambdaMbMs: 7_680 },
    });
  });

  test("after a write nothing is handed on but what came after it", () => {
    const { now, pass } = clockAt(1_000);
    const meter = new Meter({ now, own: { lambdaCalls: 1 }, carried });
    pass(250);
    meter.take(2, true);
    meter.hear({ writeUnits: 2 });
    meter.made(2);
    meter.hear({ readHalfUnits: 1 });
    expect(meter.handOn()).toEqual({ step: 3, since: 1_250, cost: { ...noCost, readHalfUnits: 1 } });
  });

  test("that was started without, nothing is handed on, and the step counts for itself", () => {
    const meter = new Meter({ now: clockAt().now, own: { lambdaCalls: 1 } });
    expect(meter.handOn()).toBeUndefined();
    expect(meter.take(1, true).spent).toEqual({ ...noCost, writeUnits: 1, lambdaCalls: 1 });
  });

  test("a clock that is behind takes no time back", () => {
    const meter = new Meter({ now: clockAt(400).now, carried });
    expect(meter.take(1, true).spent.flowMs).toBe(0);
  });

  test("begins with what its starter had consumed, and itself", () => {
    const { now, pass } = clockAt(7);
    const meter = new Meter({ now, own: { apiCalls: 1 }, memoryMb: 256 });
    pass(3);
    expect(meter.startFlow(2)).toEqual({
      step: 0,
      since: 10,
      cost: { ...noCost, apiCalls: 1, flows: 1, transitions: 2, lambdaMs: 3, lambdaMbMs: 768 },
    });
    expect(meter.take(0, false).spent).toEqual(noCost);
  });
});

describe("a flow's state", () => {
  const spent = (step: number) => ({ step, since: 5, cost: { ...noCost, writeUnits: step } });

  test("holds the latest word wherever the last task left it", () => {
    const state = {
      spent: spent(0),
      session: { renewals: 1, spent: spent(3) },
      funds: { enough: true, spent: spent(2) },
      submission: { outcome: "unknown" },
    };
    expect(carriedIn(state, 2)).toEqual({ step: 3, since: 5, cost: { ...noCost, writeUnits: 3, transitions: 2 } });
  });

  test.each([
    ["none", { transactionId: "txn_1" }],
    ["no state", null],
    ["something else under its name", { spent: "much", session: { spent: { step: 1 } } }],
    ["broken counts", { spent: { ...spent(1), cost: { writeUnits: "7" } } }],
  ])("that has %s stops nothing", (_name, state) => {
    expect(carriedIn(state, 1)).toBeUndefined();
  });
});

describe("whoever consumes", () => {
  test("is heard by the meter that runs it, however many run side by side", async () => {
    const { now } = clockAt();
    const run = (units: number) =>
      metered({ now }, async (meter) => {
        for (let n = 0; n < units; n++) {
          await Promise.resolve();
          hearUnits({ writeUnits: 1, readHalfUnits: 0 });
        }
        return meter.take(0, false).spent.writeUnits;
      });
    expect(await Promise.all([run(3), run(5), run(1)])).toEqual([3, 5, 1]);
  });

  test("is heard by nobody outside", () => {
    hearUnits({ writeUnits: 1, readHalfUnits: 0 });
    expect(currentMeter()).toBeUndefined();
  });
});
