/** How long each function may run, with how much memory, and how many of it at once. What is not listed has its door's usual limits. */
import { authorizerFunction, fallbackFunction, routes } from "../functions/routes.ts";
import { tasks } from "../functions/tasks.ts";

export interface Limits {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** So many at once, which nobody else can take away, and no more. Absent: what the account has. */
  readonly reserved?: number;
}

/** A gateway gives up after 30 s, and a call may wait 25 s for the outcome. */
const endpoint: Limits = { timeoutSeconds: 29, memoryMb: 256 };

/** The flow gives its tasks up to 60 s; a function that ends itself before says so in its own words. */
const task: Limits = { timeoutSeconds: 55, memoryMb: 256 };

/** Schedules come every minute, streams and the bus when they like. */
const background: Limits = { timeoutSeconds: 60, memoryMb: 512 };

/**
 * `Prefer: wait=25` holds one of these for 25 s, so forty waiting calls a second would take all of the account's 1,000 and leave
 * nothing to `authorize` and to the flow's tasks, for whose outcome they wait. Four such calls a second of each kind wait at once;
 * of those that answer at once, this is hundreds a second.
 */
const mayWait = 100;

/** By file in `functions/`. Reserved where whoever likes may call, or hold on: a flood there must leave room for the money. */
const own: Readonly<Record<string, Partial<Limits>>> = {
  authorize: { timeoutSeconds: 10 },
  "create-spendback": { reserved: mayWait },
  "create-refund": { reserved: mayWait },
  "create-cashback": { reserved: mayWait },
  "not-found": { timeoutSeconds: 5, memoryMb: 256, reserved: 5 },
  "get-health": { timeoutSeconds: 15, reserved: 5 },
  "get-openapi": { timeoutSeconds: 5, reserved: 5 },
  "get-docs": { timeoutSeconds: 10, reserved: 5 },
  "receive-webhook": { timeoutSeconds: 15, reserved: 20 },
  authenticate: { timeoutSeconds: 28 },
  "fail-transaction": { timeoutSeconds: 28 },
  // Five megabytes of rows, read, checked and written.
  "create-batch": { memoryMb: 1_024 },
  "add-batch-items": { memoryMb: 1_024 },
  // They go on from where they stopped; a longer run is only a cheaper one.
  "run-batches": { timeoutSeconds: 300 },
  "pay-accruals": { timeoutSeconds: 300 },
  // Receivers that are slow hold it up, as many of them as there are.
  "deliver-webhooks": { timeoutSeconds: 300, reserved: 50 },
};

const endpoints = new Set([authorizerFunction, fallbackFunction, ...routes.map((route) => route.function)]);
const ofTheFlow = new Set<string>(Object.values(tasks));

export function limitsOf(name: string): Limits {
  const usual = endpoints.has(name) ? endpoint : ofTheFlow.has(name) ? task : background;
  return { ...usual, ...own[name] };
}
