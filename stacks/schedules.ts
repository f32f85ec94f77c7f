/** The schedules, in UTC. A run that fails is not tried again: the next one finds the same, a minute later. */
import { schedules } from "../functions/triggers.ts";
import { ownQueue } from "./function-names.ts";
import type { Functions } from "./functions.ts";
import { componentName, physicalName } from "./names.ts";
import type { Queues } from "./queues.ts";

export function createSchedules(functions: Functions, queues: Queues): void {
  for (const { name, expression, function: functionName } of schedules) {
    const fn = functions.get(functionName);
    const queue = queues.get(ownQueue);
    if (!fn || !queue)
      throw new Error(`the schedule ${name} needs the function ${functionName} and the queue ${ownQueue}`);
    new sst.aws.CronV2(`${componentName(name)}Schedule`, {
      schedule: scheduleOf(expression),
      timezone: "UTC",
      function: fn.lambda.arn,
      retries: 0,
      dlq: queue.arn,
      transform: { schedule: { name: physicalName(name) } },
    });
  }
}

type Expression = `rate(${string})` | `cron(${string})`;

function scheduleOf(expression: string): Expression {
  if (/^(?:rate|cron)\(.*\)$/.test(expression)) return expression as Expression;
  throw new Error(`"${expression}" is neither rate(…) nor cron(…)`);
}
