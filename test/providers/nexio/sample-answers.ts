/** Nexio's answers as text: the documented sample, with the members that the stored copies cut off filled in. */
import { jane, reference } from "./sample-connection.ts";

/** A record of the sample's spendback; members are JSON texts, `undefined` leaves one out. */
export function recordOf(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const members = {
    id: "2598",
    spendbackRef: `"${reference}"`,
    recipientId: jane.id,
    recipientRef: `"${jane.ref}"`,
    payoutAccountId: "3927",
    providerId: '"12610"',
    providerType: "10",
    providerSpendbackRef: '"mock-2598"',
    amount: "14.83",
    currency: '"USD"',
    spendbackDate: '"2026-11-05T10:00:01.000Z"',
    spendbackStatus: "20",
    createdAt: '"2026-11-05T10:00:01.000Z"',
    updatedAt: '"2026-11-05T10:00:01.000Z"',
    ...changes,
  };
  return objectOf(members);
}

/** A refund's answer: `spendbackId` instead of `id`, and `spendbackType`. */
export function refundRecordOf(changes: Readonly<Record<string, string | undefined>> = {}): string {
  return recordOf({
    id: undefined,
    spendbackId: "2600",
    spendbackRef: '"txn_refund"',
    amount: "5",
    spendbackType: "20",
    ...changes,
  });
}

export function pageOf(rows: readonly string[], hasMore: boolean | null = false): string {
  const more = hasMore === null ? "" : `,"hasMore":${hasMore}`;
  return `{"offset":0,"limit":10,"rows":[${rows.join(",")}]${more}}`;
}

function objectOf(members: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(members).filter(([, text]) => text !== undefined);
  return `{${written.map(([name, text]) => `"${name}":${text}`).join(",")}}`;
}
