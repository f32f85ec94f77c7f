/** i-payout's answers: its envelope on success, and the three failure shapes that were recorded (contract, sections 3 and 8.1). */

import { randomBytes } from "node:crypto";
import type { Answer } from "../provider.ts";

/** `statusCode` values whose meaning is documented or was recorded. */
export const codes = {
  ok: 0,
  internalError: -1,
  userNotFound: -2,
  accountNotFound: -5,
  invalidCredentials: -7,
  usernameExists: -12,
  insufficientFunds: -15,
  authorizationNotFound: -71,
  inputsInvalid: -72,
} as const;

/** Success as the reference documents it: camelCase, `statusCode` 0. */
export const success = (message: string, data: unknown): Answer =>
  json(200, { isSuccess: true, message, statusCode: codes.ok, logIdentifier: newLogIdentifier(), data });

/** Success as the how-to guide prints it: `statusCode` 200, no `logIdentifier`. */
export const guideSuccess = (message: string, data: unknown): Answer =>
  json(200, { isSuccess: true, message, statusCode: 200, data });

/** Shape B (and C, which differs only in its code): a business failure is HTTP 200 with PascalCase keys. */
export const failure = (code: number, message: string, status = 200): Answer =>
  json(status, { IsSuccess: false, Message: message, StatusCode: code, LogIdentifier: newLogIdentifier() });

/** Shape A: the body or query was refused. Keys of `errors` are PascalCase paths. */
export const invalid = (errors: Readonly<Record<string, readonly string[]>>): Answer =>
  json(400, {
    statusCode: codes.inputsInvalid,
    isSuccess: false,
    logIdentifier: newLogIdentifier(),
    message: "400: Bad request. The inputs supplied to the API are invalid",
    errors,
  });

/** Recorded for a 405; inferred for the other statuses that no document shows a body for. */
export const empty = (status: number): Answer => ({ status, body: "" });

/** 32 hex characters, as recorded. */
const newLogIdentifier = (): string => randomBytes(16).toString("hex");

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});
