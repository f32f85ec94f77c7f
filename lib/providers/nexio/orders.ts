/** What our orders look like at Nexio: what it can take, and the bodies that it gets. */
import { exponentOf } from "../../domain/currencies.ts";
import type { FieldError } from "../../domain/errors.ts";
import { type Amount, toDecimalText } from "../../domain/money.ts";
import { exactNumber, type RawJson } from "../exact-json.ts";
import type { Draft, RefundDraft, RefundOrder, SpendbackOrder } from "../port.ts";
import type { NexioConnection } from "./config.ts";

/** Source: reference/submitspendback and reference/recipientbalance, read 2026-11. */
const descriptionLengthMax = 200;
const recipientRefLengthMax = 100;

/** Stated for refunds (reference/spendbackrefund-1, read 2026-11); taken to hold for spendbacks, too. */
const decimalsMax = 2;

/** Nexio's ids are integers; JSON knows no leading zeros. */
export const integerId = /^[1-9]\d{0,18}$/;

/** What is wrong with a spendback before anything is sent. */
export function checkSpendback({ recipient, amount, description }: Draft<SpendbackOrder>): FieldError[] {
  const errors: FieldError[] = [];
  const { id, ref, email } = recipient;
  if (id === undefined && ref === undefined && email === undefined) {
    errors.push({ path: "recipient", message: "must name a recipientId (id), a recipientRef (ref) or an email" });
  }
  if (id !== undefined && !integerId.test(id)) {
    errors.push({ path: "recipient.id", message: "must be Nexio's recipientId: digits only" });
  }
  if (ref !== undefined && ref.length > recipientRefLengthMax) {
    errors.push({ path: "recipient.ref", message: `must have at most ${recipientRefLengthMax} characters` });
  }
  if (description !== undefined && description.length > descriptionLengthMax) {
    errors.push({ path: "description", message: `must have at most ${descriptionLengthMax} characters` });
  }
  return [...errors, ...checkAmount(amount)];
}

/** What is wrong with a refund before anything is sent. What Nexio has no field for is refused rather than dropped. */
export function checkRefund({ original, amount, splits, account }: RefundDraft): FieldError[] {
  const errors: FieldError[] = [];
  if (!integerId.test(original)) {
    errors.push({ path: "original", message: "must be Nexio's spendback id: digits only" });
  }
  if (splits.length > 0) errors.push({ path: "splits", message: "are not supported by this connection" });
  if (Object.values(account).some((member) => member !== undefined)) {
    errors.push({ path: "account", message: "must not be given: a refund goes to the spendback's own recipient" });
  }
  return [...errors, ...(amount ? checkAmount(amount) : [])];
}

function checkAmount({ value, currency }: Amount): FieldError[] {
  const step = 10 ** Math.max(0, exponentOf(currency) - decimalsMax);
  if (value % step === 0) return [];
  return [{ path: "amount.value", message: `must be a multiple of ${step}: Nexio takes at most two decimals` }];
}

/**
 * The body of a spendback. Exactly one name of the recipient goes out, in Nexio's own precedence (id, ref, e-mail), so
 * that an id it does not know cannot fall through to somebody else.
 */
export function spendbackBody(order: SpendbackOrder, { providerId }: Pick<NexioConnection, "providerId">): string {
  const { amount, description, reference } = order;
  return JSON.stringify({
    amount: decimals(amount),
    currency: amount.currency,
    ...recipientOf(order),
    ...(description && { description }),
    spendbackRef: reference,
    ...(providerId !== undefined && { providerId }),
  });
}

function recipientOf({ recipient: { id, ref, email } }: SpendbackOrder): object {
  if (id !== undefined) return { recipientId: exactNumber(id) };
  return ref === undefined ? { email } : { recipientRef: ref };
}

/** The body of a refund. What becomes of `spendbackRef` is not documented; without it nothing could be found again. */
export function refundBody(
  { original, amount, reference }: RefundOrder,
  { idField, providerId }: { readonly idField: "spendbackId" | "id"; readonly providerId?: number },
): string {
  return JSON.stringify({
    [idField]: exactNumber(original),
    amount: decimals(amount),
    currency: amount.currency,
    spendbackRef: reference,
    ...(providerId !== undefined && { providerId }),
  });
}

/** Major units with at most two decimals: 14.83, 100.00, 1999 (JPY), 1.23 (1230 of TND; `check` refuses 1234). */
function decimals(amount: Amount): RawJson {
  const digitsTooMany = Math.max(0, exponentOf(amount.currency) - decimalsMax);
  const text = toDecimalText(amount);
  return exactNumber(digitsTooMany === 0 ? text : text.slice(0, -digitsTooMany));
}
