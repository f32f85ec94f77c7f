/** Webhooks when whoever writes or delivers them dies, at each await there is: nothing is lost, and what has succeeded stays. */
import { describe, expect, test } from "vitest";
import { run as deliver } from "../../functions/deliver-webhooks.ts";
import { run as followUp } from "../../functions/follow-up-webhooks.ts";
import { run as record } from "../../functions/record-webhooks.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type Crash, CrashError, everyCrash, mortal } from "../lambda/crash.ts";
import { lifeOf } from "./transaction-stream.ts";
import { answered, deliveryStage } from "./webhook-delivery-stage.ts";

captureLog();

/** A stage whose endpoint is to hear of a transaction's three events; and one process on it. */
async function begun() {
  const stage = deliveryStage();
  const endpoint = await stage.register();
  const stream = lifeOf(stage.tenant);
  const process = (crash?: Crash) => {
    const { wrap, step, calls } = mortal(crash);
    const { endpoints, deliveries, events, send, now, sleep } = stage.dependencies;
    const dependencies = {
      endpoints: wrap(endpoints),
      deliveries: wrap(deliveries),
      events: wrap(events),
      send: (request: Parameters<typeof send>[0]) => step(() => send(request)),
      now,
      sleep,
    };
    return { dependencies, calls };
  };
  /** What the schedule and the bus do, minute by minute, with processes that live. */
  const settle = async () => {
    for (let minute = 0; minute < 12; minute++) {
      await followUp(stage.dependencies);
      for (const { detail } of stage.woken.splice(0)) {
        await deliver(detail as { tenant: string; endpoint: string }, stage.dependencies);
      }
      stage.clock.advance(60_000);
    }
  };
  const statuses = async () => {
    const { items } = await stage.dependencies.deliveries.list({
      endpoint: endpoint.id,
      limit: 10,
      now: stage.clock.now(),
    });
    return items.map(({ status }) => status);
  };
  return { stage, endpoint, stream, process, settle, statuses };
}

type Begun = Awaited<ReturnType<typeof begun>>;

const acts: Readonly<Record<string, (begun: Begun, crash?: Crash) => Promise<number>>> = {
  "writing the deliveries": async ({ stage, stream, process }, crash) => {
    const { dependencies, calls } = process(crash);
    await record(stream, dependencies).catch(rethrowUnlessCrash);
    // The stream delivers the batch again, whether or not the first time was complete.
    await record(stream, stage.dependencies);
    return calls();
  },
  "delivering them": async ({ stage, endpoint, stream, process }, crash) => {
    await record(stream, stage.dependencies);
    const { dependencies, calls } = process(crash);
    await deliver({ tenant: stage.tenant, endpoint: endpoint.id }, dependencies).catch(rethrowUnlessCrash);
    return calls();
  },
  "delivering them to a receiver that takes nothing at first": async ({ stage, endpoint, stream, process }, crash) => {
    await record(stream, stage.dependencies);
    stage.answers(() => answered(stage.sent.length <= 3 ? 500 : 200));
    const { dependencies, calls } = process(crash);
    await deliver({ tenant: stage.tenant, endpoint: endpoint.id }, dependencies).catch(rethrowUnlessCrash);
    return calls();
  },
};

function rethrowUnlessCrash(error: unknown): void {
  if (!(error instanceof CrashError)) throw error;
}

describe.each(Object.entries(acts))("a process that dies %s", (_name, act) => {
  test("leaves nothing untold, and keeps the order, at whichever of its calls", async () => {
    const calls = await act(await begun());
    expect(calls).toBeGreaterThan(4);
    for (const crash of everyCrash(calls)) {
      const one = await begun();
      await act(one, crash);
      await one.settle();
      const where = `${crash.when} call ${crash.at}`;
      expect(await one.statuses(), where).toEqual(["succeeded", "succeeded", "succeeded"]);
      const ids = one.stage.sent.map(({ headers }) => headers["webhook-id"]?.split("_").at(-1));
      expect([...new Set(ids)], where).toEqual(["1", "2", "3"]);
    }
  });
});

test("the counter of crashes would notice a loss: without the schedule something stays untold", async () => {
  const lost: Crash[] = [];
  const act = acts["delivering them"];
  const calls = (await act?.(await begun())) ?? 0;
  for (const crash of everyCrash(calls)) {
    const one = await begun();
    await act?.(one, crash);
    const all = await one.statuses();
    if (all.includes("pending")) lost.push(crash);
  }
  expect(lost.length).toBeGreaterThan(calls / 2);
});
