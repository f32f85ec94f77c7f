/** Finding a cashback again: the search by our reference, and what the rows it finds say. */
import { type Finding, type Recorded, unknown } from "../../domain/outcome.ts";
import type { CashbackOrder } from "../port.ts";
import { isAmount, type Sender } from "./mapping.ts";
import { AnyRow, FoundData, FoundRow, onlyObject } from "./wire.ts";

/** As in the documents' samples. A reference is ours alone, so that a page with more rows than one is already a riddle. */
const pageSize = 100;

const dayMs = 86_400_000;

/**
 * The search asks for both dates, because without them only the last three days are searched (one page says: the last
 * day). `page_index` is left out, as in every sample: whether it counts from 0 or from 1 is not documented.
 */
export function searchBody({ reference, createdAt }: CashbackOrder, now: Date): string {
  return JSON.stringify({
    ext_transaction_id: reference,
    order_column: "CreatedDateUtc",
    order_by: "asc",
    page_size: pageSize,
    start_date: secondsOf(createdAt.getTime() - dayMs),
    end_date: secondsOf(now.getTime() + dayMs),
  });
}

/** As the samples write it: 2025-05-01T09:00:00Z. */
function secondsOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/**
 * What the rows found under our reference say. A row is ours only if amount, currency and wallets are. Undefined where
 * the rows cannot be read, or where a full page leaves open what lies behind it.
 */
export function findingOf(payload: unknown, order: CashbackOrder, sender: Sender): Finding | undefined {
  const results = rowsOf(payload);
  if (!results) return undefined;
  const ours = results.filter((row) => AnyRow.safeParse(row).data?.ext_transaction_id === order.reference);
  if (ours.length > 1) {
    return { kind: "duplicate", detail: `${ours.length} movements carry this reference` };
  }
  if (results.length >= pageSize) return undefined;
  if (ours.length === 0) return { kind: "nothing" };
  const { data: row } = FoundRow.safeParse(ours[0]);
  if (!row) return undefined;
  const other = differenceOf(row, order, sender);
  return other ? { kind: "contradiction", detail: other } : { kind: "found", outcome: outcomeOfRow(row) };
}

/** How an empty result looks is not documented: no payload, an empty one and empty results are all taken for none. */
function rowsOf(payload: unknown): readonly unknown[] | undefined {
  if (payload === null || payload === undefined || (Array.isArray(payload) && payload.length === 0)) return [];
  const { data } = FoundData.safeParse(onlyObject(payload));
  return data && (data.results ?? []);
}

function differenceOf(row: FoundRow, { amount, receiver }: CashbackOrder, sender: Sender): string | undefined {
  if (!isAmount(row.tx_base_amount, row.currency_code, amount)) {
    return `found with another amount: ${row.tx_base_amount} ${row.currency_code}`;
  }
  const isOther = (named: string | null | undefined, ours: string): boolean => !!named && named !== ours;
  if (isOther(row.from_wallet_number, sender.walletNumber)) return "found with another sending wallet";
  if (isOther(row.from_account_number, sender.accountNumber)) return "found with another sending account";
  if (isOther(row.to_wallet_number, receiver.walletNumber)) return "found with another receiving wallet";
  return undefined;
}

/**
 * Only the documents' one pair of words is final. 10 is "Pending" among the values of the search's own status filter
 * (https://business-api.walletgate.io/en/transaction-data, read 2026-11), as 40 is "Cancellation Completed" and 60
 * "Refund Completed": what those leave of a cashback is not said, so an operator looks.
 */
function outcomeOfRow({
  id,
  transaction_status_id: statusId,
  transaction_status: status,
  result_code,
}: FoundRow): Recorded {
  const words = `status ${statusId ?? "?"} "${status ?? ""}", result "${result_code ?? ""}"`;
  const providerId = id ? { providerTransactionId: id } : {};
  const isCompleted = status === "NormalCompleted" && (statusId ?? "20") === "20";
  if (isCompleted && result_code === "Success") return { kind: "settled", detail: words, ...providerId };
  if (statusId === "10" && status !== "NormalCompleted") return { kind: "accepted", detail: words, ...providerId };
  return unknown(words);
}
