/** Time that passes only when everybody waits: a minute of sleep takes no time at all. */
import type { Clock } from "../../lib/lambda/dependencies.ts";

export interface VirtualClock extends Clock {
  /** Lets time pass without anybody sleeping. */
  advance(ms: number): void;
  /** How long was slept, each time. */
  readonly slept: readonly number[];
}

/** Sleepers wake one after the other, the earliest first, each when all that the one before set going has come to rest. */
export function virtualClock(start = "2026-11-20T09:30:00.000Z"): VirtualClock {
  let time = Date.parse(start);
  let turning = false;
  const sleepers: { at: number; wake: () => void }[] = [];
  const slept: number[] = [];

  const turn = (): void => {
    sleepers.sort((one, other) => one.at - other.at);
    const next = sleepers.shift();
    turning = next !== undefined;
    if (!next) return;
    time = Math.max(time, next.at);
    next.wake();
    setImmediate(turn);
  };

  return {
    slept,
    now: () => new Date(time),
    advance(ms) {
      time += ms;
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        slept.push(ms);
        sleepers.push({ at: time + ms, wake: resolve });
        if (!turning) setImmediate(turn);
        turning = true;
      }),
  };
}
