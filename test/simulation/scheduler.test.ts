/** The scheduler's own promises: without them, a simulation would prove nothing. */
import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { type Actor, Scheduler } from "./scheduler.ts";

const hooks = { before: () => true, idle: () => {}, overtook: () => {} };
const someone: Actor = { name: "someone", isAlive: true };

function schedulerOf(shuffle = 0): Scheduler {
  return new Scheduler(0, new Random("a seed"), { shuffle, stepMsMax: 1 });
}

test("lets everything that a step sets going come to rest before the next step", async () => {
  const scheduler = schedulerOf();
  const seen: string[] = [];
  scheduler.ready(someone, () => {
    void (async () => {
      for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
      seen.push("the first has come to rest");
    })();
  });
  scheduler.ready(someone, () => void seen.push("the second"));
  await scheduler.run(hooks);
  expect(seen).toEqual(["the first has come to rest", "the second"]);
});

test("takes no step of the dead", async () => {
  const scheduler = schedulerOf();
  const victim: Actor = { name: "victim", isAlive: true };
  const seen: string[] = [];
  scheduler.ready(someone, () => {
    victim.isAlive = false;
  });
  scheduler.ready(victim, () => void seen.push("ready"));
  scheduler.after(1_000, victim, () => void seen.push("later"));
  await scheduler.run(hooks);
  expect(seen).toEqual([]);
});

test("lets time pass when nobody can do anything, and wakes the earliest first", async () => {
  const scheduler = schedulerOf();
  const seen: number[] = [];
  for (const ms of [3_600_000, 1, 60_000]) scheduler.after(ms, someone, () => void seen.push(scheduler.now));
  await scheduler.run(hooks);
  expect(seen).toEqual([1, 60_000, 3_600_000]);
});

test("lets younger steps overtake older ones, as the seed says", async () => {
  const order = async (shuffle: number): Promise<number[]> => {
    const scheduler = schedulerOf(shuffle);
    const seen: number[] = [];
    for (let one = 0; one < 10; one++) scheduler.ready(someone, () => void seen.push(one));
    await scheduler.run(hooks);
    return seen;
  };
  const inOrder = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(await order(0)).toEqual(inOrder);
  const shuffled = await order(1);
  expect(shuffled).not.toEqual(inOrder);
  expect(shuffled.toSorted((one, other) => one - other)).toEqual(inOrder);
  expect(await order(1)).toEqual(shuffled);
});

test("stops where it is told to", async () => {
  const scheduler = schedulerOf();
  const seen: string[] = [];
  scheduler.ready(someone, () => void seen.push("first"));
  scheduler.ready(someone, () => void seen.push("second"));
  await scheduler.run({ ...hooks, before: () => seen.length === 0 });
  expect(seen).toEqual(["first"]);
});
