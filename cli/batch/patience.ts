/** Repeats a call that a passing trouble ended. Only calls that are harmless to repeat. */
import type { Context } from "../context.ts";
import { isPassing } from "../follow.ts";

/** A service that is being deployed, or a stack that is started again, is back within these: more than a minute in all. */
const pausesMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000] as const;

export async function patiently<T>(call: () => Promise<T>, { sleep, terminal }: Context): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await call();
    } catch (error) {
      const pauseMs = pausesMs[failures];
      if (!isPassing(error) || pauseMs === undefined) throw error;
      if (failures === 0) terminal.note("The service does not answer; trying again.");
      await sleep(pauseMs);
    }
  }
}
