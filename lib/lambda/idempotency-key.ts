/** The idempotency key of a call. */
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
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw invalid([{ path: "Idempotency-Key", message: "must be 1 to 255 printable ASCII characters" }]);
  }
  return key;
}
