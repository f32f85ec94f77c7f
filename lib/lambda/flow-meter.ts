/** What the flow's state carries of the cost: each task takes the latest, and hands on what it could not write. */
import * as z from "zod/mini";
import { Cost, noCost, sumOfCosts } from "../domain/cost.ts";
import type { Carried } from "./meter.ts";

const Spent = z.object({ spent: z.object({ step: z.int(), since: z.int(), cost: Cost }) });

/** Where the start and the tasks leave it; results of earlier tasks stay where they are. */
const places = ["session", "funds", "submission"] as const;

/**
 * The latest word in a flow's state, with the states around the task added, which are entered once however often it is tried.
 * Undefined in a flow that was started without: whatever stands there, metering stops no task.
 */
export function carriedIn(state: unknown, statesAround: number): Carried | undefined {
  const members = z.record(z.string(), z.unknown()).safeParse(state);
  if (!members.success) return undefined;
  const found = [members.data, ...places.map((place) => members.data[place])].flatMap((one) => {
    const parsed = Spent.safeParse(one);
    return parsed.success ? parsed.data.spent : [];
  });
  const latest = found.sort((one, other) => one.step - other.step).at(-1);
  return latest && { ...latest, cost: sumOfCosts([latest.cost, { ...noCost, transitions: statesAround }]) };
}
