/** What the log lines of `lib/lambda/log.ts` are counted as. A row is one metric, over the logs of the functions that it names. */
import { otherFunctions, taskFunctions } from "./function-names.ts";
import { permissions } from "./permissions.ts";

export interface LogMetric {
  readonly name: string;
  /** As CloudWatch writes patterns over JSON lines. */
  readonly pattern: string;
  /** A count of lines where absent; else the line's own figure. */
  readonly value?: string;
  readonly functions: readonly string[];
}

/** Whoever may write down how a provider is doing can find that it is down. */
const callers = Object.entries(permissions)
  .filter(([, { tables }]) => tables?.Connections?.includes("UpdateItem"))
  .map(([name]) => name);

export const logMetrics = {
  needsReview: { name: "NeedsReview", pattern: '{ $.event = "needs review" }', functions: ["publish-events"] },
  duplicateDetected: {
    name: "DuplicateDetected",
    pattern: '{ $.event = "duplicate detected" }',
    functions: ["publish-events"],
  },
  followUpAge: {
    name: "FollowUpAgeSeconds",
    pattern: '{ $.event = "follow-up" && $.ageSeconds >= 0 }',
    value: "$.ageSeconds",
    functions: ["follow-up"],
  },
  breakerOpened: { name: "BreakerOpened", pattern: '{ $.event = "breaker opened" }', functions: callers },
  errors: {
    name: "Errors",
    pattern: '{ $.level = "error" }',
    functions: [...new Set([...taskFunctions, ...otherFunctions])],
  },
} as const satisfies Record<string, LogMetric>;
