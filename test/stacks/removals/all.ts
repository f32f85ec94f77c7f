/** Everything that is taken out of a graph, one thing at a time: the rule that must notice, what is taken, and how. */
import { alarmRemovals } from "./alarms.ts";
import { dataRemovals } from "./data.ts";
import { doorRemovals } from "./doors.ts";
import { edgeRemovals } from "./edges.ts";
import { functionRemovals } from "./functions.ts";

const byRule = { ...dataRemovals, ...functionRemovals, ...doorRemovals, ...edgeRemovals, ...alarmRemovals };

export const removals = Object.entries(byRule).flatMap(([rule, steps]) =>
  Object.entries(steps).map(([what, take]) => ({ rule, what, take })),
);
