/** What is left of a settlement: Paysafe's own figure, and whether a refund may be asked for at all. */
import type { Balance, MinorUnits } from "../../domain/money.ts";
import { failureMessages, type Reading } from "../../domain/outcome.ts";
import { type Client, readAnswer } from "./client.ts";
import { isId } from "./order.ts";
import { parseBody, Settlement } from "./wire.ts";

/**
 * A settlement that is not batched yet already shows its whole amount as available, and refuses refunds (3406): the status
 * decides. PROCESSING means that the batch has begun; Paysafe itself then says whether it has come far enough.
 */
const statuses: ReadonlyMap<string, "refundable" | "not-refundable"> = new Map([
  ["COMPLETED", "refundable"],
  ["PROCESSING", "refundable"],
  ["RECEIVED", "not-refundable"],
  ["PENDING", "not-refundable"],
  ["FAILED", "not-refundable"],
  ["CANCELLED", "not-refundable"],
]);

/** For a refund. Undefined where the settlement shows no figure, which is optional in the reference. */
export async function readRemaining(
  client: Client,
  id: string,
  currency: string,
): Promise<Reading<Balance | undefined>> {
  const settlement = await readSettlement(client, id, "original_not_found");
  if (settlement.kind !== "read") return settlement;
  const { status } = settlement.value;
  switch (statuses.get(status)) {
    case "refundable":
      return { kind: "read", value: availableIn(settlement.value, currency) };
    case "not-refundable":
      return { kind: "refused", code: "original_not_refundable", message: `The settlement is ${status}.` };
    case undefined:
      return { kind: "unavailable", detail: `unheard-of status ${status} of the settlement` };
  }
}

/** For whoever asks: the figure as it stands, whatever the status. */
export async function readAvailable(client: Client, id: string, currency: string): Promise<Reading<Balance>> {
  const settlement = await readSettlement(client, id, "account_not_found");
  if (settlement.kind !== "read") return settlement;
  const value = availableIn(settlement.value, currency);
  return value ? { kind: "read", value } : { kind: "unavailable", detail: "a settlement without availableToRefund" };
}

async function readSettlement(
  client: Client,
  id: string,
  code: "original_not_found" | "account_not_found",
): Promise<Reading<Settlement>> {
  if (!isId(id)) return { kind: "refused", code, message: failureMessages[code] };
  const answer = readAnswer(await client.get(`/settlements/${id}`));
  if (answer.kind === "missing") return { ...answer, kind: "refused", code };
  if (answer.kind !== "text") return answer;
  const value = parseBody(Settlement, answer.text);
  return value ? { kind: "read", value } : { kind: "unavailable", detail: "a settlement that cannot be read" };
}

function availableIn({ availableToRefund }: Settlement, currency: string): Balance | undefined {
  if (availableToRefund === undefined || availableToRefund === null) return undefined;
  return { value: Number(availableToRefund) as MinorUnits, currency };
}
