/** The idempotency key of a call, or of an event that asks for what a call asks for. */
import * as z from "zod/mini";
import { VisibleError } from "../domain/errors.ts";
import { invalid } from "./input.ts";

/**
 * The key in the `Idempotency-Key` header. A structured-field string, `"abc"`, is the same key as `abc`.
 * @throws VisibleError idempotency_key_missing, validation_failed
 */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | undefined>>): string {
  const given = headers["idempotency-key"]?.trim();
  if (!given) {
    throw new VisibleError(
      "idempotency_key_missing",
      "Send an Idempotency-Key header: 1 to 255 printable ASCII characters, a new one for each new wish.",
    );
  }
  const key = readKey(given);
  if (key === undefined) throw invalid([{ path: "Idempotency-Key", message: keyMessage }]);
  return key;
}

const keyMessage = "must be 1 to 255 printable ASCII characters";

/** The key that a text stands for, the same through every door; undefined where it is none. */
export function readKey(given: string): string | undefined {
  const trimmed = given.trim();
  const key = /^"(.*)"$/.exec(trimmed)?.[1] ?? trimmed;
  return /^[\x20-\x7e]{1,255}$/.test(key) ? key : undefined;
}

/** A key in a body, read as the header is: a key is the same key through every door. */
export const KeyInput = z.pipe(
  z.string(keyMessage).check(z.refine((text) => readKey(text) !== undefined, keyMessage)),
  z.transform((text) => readKey(text) ?? text),
);
