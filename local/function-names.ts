/** Every Lambda function that the tables name: the ones the local host loads at the start. */
import { authorizerFunction, fallbackFunction, routes } from "../functions/routes.ts";
import { tasks } from "../functions/tasks.ts";
import { eventRules, schedules, streams } from "../functions/triggers.ts";

export const functionNames: readonly string[] = [
  ...new Set([
    authorizerFunction,
    fallbackFunction,
    ...routes.map((route) => route.function),
    ...Object.values(tasks),
    ...schedules.map((schedule) => schedule.function),
    ...streams.map((stream) => stream.function),
    ...eventRules.map((rule) => rule.function),
  ]),
];
