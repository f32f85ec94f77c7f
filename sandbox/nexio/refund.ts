/** Nexio's Spendback refund (contract, section 7.1): path, name of the id and effects are inferred, so all of them switch. */

import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { errors, failure, json } from "./answers.ts";
import { courseOf } from "./course.ts";
import { Inputs } from "./inputs.ts";
import { PROVIDER } from "./recipients.ts";
import { toRefundRecord } from "./record.ts";

const MEMBERS = [
  "spendbackId",
  "id",
  "amount",
  "payoutAccountId",
  "recipientId",
  "providerId",
  "spendbackRef",
  "recipientRef",
  "providerSpendbackRef",
  "currency",
  "providerType",
  "spendbackType",
  "spendbackStatus",
  "spendbackDate",
  "createdAt",
  "updatedAt",
];

/** `POST /payout/v3/spendback/refund` */
export const refundSpendback = (world: World, call: Call): Answer => {
  const { ledger, switchValue } = world;
  if (switchValue("refunds") === "off") return failure(errors.unsupported, "Spendback refunds are not supported");
  const inputs = new Inputs(call.json);
  inputs.allowOnly(MEMBERS);
  const name = switchValue("refund-id");
  const byName = { spendbackId: inputs.integer("spendbackId"), id: inputs.integer("id") };
  const id = name === "spendbackId" || name === "id" ? byName[name] : (byName.spendbackId ?? byName.id);
  if (id === undefined) inputs.refuse(`${name === "id" ? "id" : "spendbackId"} is required`);
  const [original] = ledger.movements({ provider: PROVIDER, id: id ?? "" });
  const currency = original?.amount.currency ?? "USD";
  const value = inputs.amount("amount", currency);
  const reference = inputs.text("spendbackRef", 100) ?? crypto.randomUUID();
  const said = inputs.text("currency", 3);
  if (inputs.problem !== undefined) return failure(errors.invalid, inputs.problem);
  if (original?.operation !== "spendback") return failure(errors.notFound, "Spendback not found");
  if (original.status !== "settled") return failure(errors.invalid, "The spendback is not completed");
  if (said !== undefined && said !== currency) return failure(errors.invalid, "currency differs from the spendback's");
  if (value > left(world, original) && switchValue("over-refund") === "reject") {
    return failure(errors.invalid, "amount exceeds what is left of the spendback");
  }
  const [movement] = ledger.record([
    {
      provider: PROVIDER,
      operation: "refund",
      reference,
      account: original.account,
      amount: { value, currency },
      direction: "credit",
      original: original.id,
      ...courseOf(world, call),
    },
  ]);
  if (!movement) throw new Error("the ledger recorded nothing");
  const shown = switchValue("refund-answer") === "own" ? movement : original;
  return json(Number(switchValue("success-status")), toRefundRecord(world, shown));
};

const left = ({ ledger }: World, { id, amount }: Movement): number =>
  ledger
    .movements({ provider: PROVIDER })
    .filter(({ original, status }) => original === id && status !== "failed")
    .reduce((rest, refund) => rest - refund.amount.value, amount.value);
