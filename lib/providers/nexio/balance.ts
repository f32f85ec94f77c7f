/** What a recipient can pay with, from Nexio's balances of all the recipient's provider accounts. */
import { type Balance, readDecimalText } from "../../domain/money.ts";
import { failureMessages, type Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import { isNotFound, isSuccess } from "./mapping.ts";
import { parseAs, RecipientBalances } from "./wire.ts";

/**
 * One spendback debits one account. With several in the currency and no `providerId` nobody says which one: the largest is
 * told, so that an order is called too large only if no account can pay it, and a smaller one is left to Nexio.
 */
export function readBalance(exchange: Exchange, currency: string, providerId: number | undefined): Reading<Balance> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const { status, text } = exchange;
  if (status === 401 || status === 403) return { kind: "session-rejected", detail: `HTTP ${status}` };
  if (isNotFound(status, text)) {
    return { kind: "refused", code: "recipient_not_found", message: failureMessages.recipient_not_found };
  }
  if (!isSuccess(status)) return { kind: "unavailable", detail: `HTTP ${status}` };
  const answer = parseAs(RecipientBalances, text);
  if (!answer) return { kind: "unavailable", detail: "balances that cannot be read" };

  const rows = answer.recipientBalances.filter(
    (row) =>
      row.currency.toUpperCase() === currency && (providerId === undefined || row.providerId === String(providerId)),
  );
  const amounts = rows.map((row) => readDecimalText(row.amount, currency));
  const [first, ...others] = amounts.filter((amount) => amount !== undefined);
  if (amounts.includes(undefined)) return { kind: "unavailable", detail: "a balance that cannot be read" };
  if (!first) {
    return { kind: "refused", code: "account_not_found", message: `The recipient has no account in ${currency}.` };
  }
  return { kind: "read", value: others.reduce((most, each) => (each.value > most.value ? each : most), first) };
}
