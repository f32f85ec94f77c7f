/** `PUT /refunds/{id}` with status CANCELLED: takes back a refund that is not batched yet (contract, section 7). */

import { isObject } from "../json.ts";
import type { Answer, Call, World } from "../provider.ts";
import { failure, ok } from "./answers.ts";
import { linksTo } from "./links.ts";
import { statusOf } from "./refund-view.ts";
import { PROVIDER } from "./settlements.ts";

/** Every account's part is given back (inferred for linked accounts). */
export const cancelRefund = (world: World, call: Call): Answer => {
  if (!isObject(call.json)) return failure(world, "5023");
  if (call.json["status"] !== "CANCELLED")
    return failure(world, "5068", [{ field: "status", error: "must be CANCELLED" }]);
  const id = call.params["refund"] ?? "";
  const group = world.ledger.movements({ provider: PROVIDER, group: id });
  const [first] = group;
  if (!first) return failure(world, "3414");
  if (statusOf(first) !== "PENDING") return failure(world, "3415");
  for (const movement of group) {
    world.ledger.end({ ...movement, details: { ...movement.details, cancelled: "yes" } }, "failed");
  }
  const txnTime = new Date(world.now()).toISOString().replace(/\.\d{3}Z$/, "Z");
  return ok({ links: linksTo(call, `/refunds/${id}`), id, txnTime, status: "CANCELLED" });
};
