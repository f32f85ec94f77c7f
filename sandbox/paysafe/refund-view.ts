/** A refund as Paysafe shows it: its movements put together again (contract, section 4). */

import type { Movement, MovementStatus } from "../movement.ts";
import type { Call, World } from "../provider.ts";
import type { Address } from "./links.ts";
import { linksTo } from "./links.ts";
import type { Share } from "./splits.ts";
import { showShare } from "./splits.ts";

/** As the seed's sample has it. */
const ACQUIRER_RESPONSE = {
  code: "DJN",
  terminalId: "12345678",
  batchNumber: "001",
  seqNumber: "151",
  effectiveDate: "170728",
};

const STATUSES: Readonly<Record<MovementStatus, string>> = {
  pending: "PENDING",
  settled: "COMPLETED",
  failed: "FAILED",
};

/** What a status that the switch puts into a lookup's mouth makes of the money. */
const ENDS: Readonly<Record<string, "settled" | "failed">> = {
  COMPLETED: "settled",
  FAILED: "failed",
  CANCELLED: "failed",
};

/** `group`: all the movements of one refund, at least one. */
export const showRefund = (
  { switchValue }: World,
  call: Address,
  group: readonly Movement[],
  said?: string,
): object => {
  const [first] = group;
  if (!first) throw new Error("a refund without movements");
  const { group: id = first.id, reference, at, details = {} } = first;
  const shares = JSON.parse(details["splitpay"] ?? "[]") as Share[];
  return {
    links: linksTo(call, `/refunds/${id}`),
    id,
    merchantRefNum: reference,
    txnTime: at.replace(/\.\d{3}Z$/, "Z"),
    status: said ?? statusOf(first),
    ...(switchValue("acquirer-response") === "on" ? { acquirerResponse: ACQUIRER_RESPONSE } : {}),
    amount: Number(details["amount"]),
    ...(shares.length > 0 ? { splitpay: shares.map(showShare) } : {}),
  };
};

/** What lookups say. Saying a last word makes it so: words and money never part. */
export const showFound = (world: World, call: Call, group: readonly Movement[]): object => {
  const said = String(world.switchValue("refund-status"));
  if (said === "ledger") return showRefund(world, call, group);
  const end = ENDS[said];
  if (end) for (const movement of group) world.ledger.end(movement, end);
  return showRefund(world, call, group, said);
};

export const statusOf = ({ status, details }: Movement): string =>
  details?.["cancelled"] === "yes" ? "CANCELLED" : STATUSES[status];
