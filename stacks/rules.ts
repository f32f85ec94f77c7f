/** The rules on the bus: which events start which function, how often, and where they end that cannot be handled. */
import { eventRules } from "../functions/triggers.ts";
import type { Functions } from "./functions.ts";
import { componentName, physicalName } from "./names.ts";
import type { Queues } from "./queues.ts";

export function createRules(bus: sst.aws.Bus, functions: Functions, queues: Queues): void {
  for (const { name, pattern, function: functionName, ageSecondsMax, deadLetterQueue } of eventRules) {
    const fn = functions.get(functionName);
    const queue = queues.get(deadLetterQueue);
    if (!fn || !queue)
      throw new Error(`the rule ${name} needs the function ${functionName} and the queue ${deadLetterQueue}`);
    const component = componentName(name);
    const rule = new aws.cloudwatch.EventRule(`${component}Rule`, {
      name: physicalName(name),
      eventBusName: bus.name,
      eventPattern: JSON.stringify(pattern),
    });
    new aws.lambda.Permission(`${component}Permission`, {
      action: "lambda:InvokeFunction",
      function: fn.lambda.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    // For what the bus cannot hand to Lambda; what Lambda has and the function fails at is in invocations.ts.
    new aws.cloudwatch.EventTarget(`${component}Target`, {
      eventBusName: bus.name,
      rule: rule.name,
      arn: fn.lambda.arn,
      retryPolicy: { maximumEventAgeInSeconds: ageSecondsMax, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: queue.arn },
    });
  }
}
