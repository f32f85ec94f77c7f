/** What the log lines of `lib/lambda/log.ts`, and Lambda's own, are counted as. A row is one metric, over the logs of the functions that it names. */
import { otherFunctions, taskFunctions } from "./function-names.ts";
import { permissions } from "./permissions.ts";

export interface LogMetric {
  readonly name: string;
  /** As CloudWatch writes patterns: over JSON lines in braces, over text as terms, each optional behind its question mark. */
  readonly pattern: string;
  /** A count of lines where absent; else the line's own figure. */
  readonly value?: string;
  readonly functions: readonly string[];
}

/** Whoever may write down how a provider is doing can find that it is down. */
const callers = Object.entries(permissions)
  .filter(([, { tables }]) => tables?.Connections?.includes("UpdateItem"))
  .map(([name]) => name);

const everyFunction = [...new Set([...taskFunctions, ...otherFunctions])];

/** What Lambda writes, as text, when our own code came to no last word: out of time or memory, gone, or never loaded. */
const platformWords = [
  "Task timed out",
  "Status: error",
  "Status: timeout",
  "Runtime.ImportModuleError",
  "Runtime.HandlerNotFound",
  "Runtime.UserCodeSyntaxError",
  "Runtime.ExitError",
  "Runtime.OutOfMemory",
];

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
  errors: { name: "Errors", pattern: '{ $.level = "error" }', functions: everyFunction },
  crashes: {
    name: "Crashes",
    pattern: platformWords.map((word) => `?"${word}"`).join(" "),
    functions: everyFunction,
  },
  // The one task that logs in; after static credentials were refused, too, the flow ends there.
  credentialsRejected: {
    name: "CredentialsRejected",
    pattern: '{ $.errorName = "CredentialsRejectedError" }',
    functions: ["authenticate"],
  },
} as const satisfies Record<string, LogMetric>;
