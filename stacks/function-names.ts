/** Every function that the tables name, and what starts it. */
import { authorizerFunction, fallbackFunction, routes } from "../functions/routes.ts";
import { tasks } from "../functions/tasks.ts";
import { eventRules, schedules, streams } from "../functions/triggers.ts";

export const taskFunctions: ReadonlySet<string> = new Set(Object.values(tasks));

export const otherFunctions: ReadonlySet<string> = new Set([
  authorizerFunction,
  fallbackFunction,
  ...routes.map((route) => route.function),
  ...[...schedules, ...streams, ...eventRules].map((trigger) => trigger.function),
]);

/** The dead-letter queue of what no rule on the bus names another for. */
export const ownQueue = "moneyback-dead-letters";

/** The queues that take what a function failed at when nobody waited for its answer. */
export function deadLetterQueuesOf(name: string): string[] {
  const hasOwn = [...schedules, ...streams].some((trigger) => trigger.function === name);
  const ofRules = eventRules.filter((rule) => rule.function === name).map((rule) => rule.deadLetterQueue);
  return [...new Set([...(hasOwn ? [ownQueue] : []), ...ofRules])];
}
