/** What Lambda does with an asynchronous invocation that fails: how often it tries again, and where it puts it then. */
import { eventRules, schedules } from "../functions/triggers.ts";
import { ownQueue } from "./function-names.ts";
import type { Functions } from "./functions.ts";
import { componentName } from "./names.ts";
import type { Queues } from "./queues.ts";

interface Terms {
  readonly retryAttempts: number;
  readonly ageSecondsMax: number;
  readonly deadLetterQueue: string;
}

/** A scheduled run is not tried again: the next one finds the same work, a minute later. */
const scheduled: Terms = { retryAttempts: 0, ageSecondsMax: 300, deadLetterQueue: ownQueue };

/** Lambda knows one set of terms a function; where a rule and a schedule start it, the rule's are stricter about what is lost. */
export function createInvocations(functions: Functions, queues: Queues): void {
  const terms = new Map<string, Terms>(schedules.map((schedule) => [schedule.function, scheduled]));
  for (const rule of eventRules) terms.set(rule.function, rule);
  for (const [name, { retryAttempts, ageSecondsMax, deadLetterQueue }] of terms) {
    const fn = functions.get(name);
    const queue = queues.get(deadLetterQueue);
    if (!fn || !queue) throw new Error(`${name} or its queue ${deadLetterQueue} is not deployed`);
    new aws.lambda.FunctionEventInvokeConfig(`${componentName(name)}Invocations`, {
      functionName: fn.lambda.name,
      maximumRetryAttempts: retryAttempts,
      maximumEventAgeInSeconds: ageSecondsMax,
      destinationConfig: { onFailure: { destination: queue.arn } },
    });
  }
}
