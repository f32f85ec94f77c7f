/** How a movement starts and what becomes of it: the recipes of the switch `flow`, overruled by an armed fault. */

import type { Movement, MovementDraft } from "../movement.ts";
import type { Call, World } from "../provider.ts";

/** `spendbackStatus` (contract, section 5). */
export const statusCodes = { pending: 10, completed: 20, review: 30, expired: 40, canceled: 50, failed: 90 } as const;

const PENDING: readonly number[] = [statusCodes.pending, statusCodes.review];
const FAILED: readonly number[] = [statusCodes.expired, statusCodes.canceled, statusCodes.failed];

/** Without any lookup. */
const RIPENS_AFTER_MS = 5_000;

/** First status, and the one that follows. */
const RECIPES: Readonly<Record<string, readonly [number, number?]>> = {
  "10-20": [10, 20],
  "20": [20],
  "30-20": [30, 20],
  "10-40": [10, 40],
  "10-50": [10, 50],
  "10-90": [10, 90],
  "10": [10],
  "30": [30],
  "40": [40],
  "50": [50],
  "90": [90],
};

export const recipeNames = Object.keys(RECIPES);

type Course = Pick<MovementDraft, "status" | "plan"> & { readonly details: Readonly<Record<string, string>> };

/** The details name the codes with which "pending" and "failed" will be said. */
export const courseOf = ({ switchValue, now }: World, { fate }: Call): Course => {
  const [first, last] = RECIPES[String(switchValue("flow"))] ?? [statusCodes.completed];
  const details = {
    pendingCode: String(PENDING.includes(first) ? first : statusCodes.pending),
    failedCode: String([last, first].find((code) => code && FAILED.includes(code)) ?? statusCodes.failed),
  };
  if (fate.status) return { ...fate, details };
  const status = endOf(first) ?? "pending";
  const at = new Date(now() + RIPENS_AFTER_MS).toISOString();
  const end = last === undefined ? undefined : endOf(last);
  const plan = { ...(end && { becomes: { lookups: 1, at, status: end } }), ...fate.plan };
  return { status, details, ...(Object.keys(plan).length > 0 && { plan }) };
};

/** What a movement's status is called on the wire. */
export const codeOf = ({ status, details = {} }: Movement): number => {
  if (status === "settled") return statusCodes.completed;
  return Number(details[status === "pending" ? "pendingCode" : "failedCode"]);
};

/** Undefined for a status that is none. */
export const endOf = (code: number): "settled" | "failed" | undefined => {
  if (code === statusCodes.completed) return "settled";
  return FAILED.includes(code) ? "failed" : undefined;
};
