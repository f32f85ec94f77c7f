/** i-payout's load of funds into wallets, the plain all-or-nothing variant (contract, section 7.2). */

import type { Ledger } from "../ledger.ts";
import type { MovementDraft } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { failure, invalid, success } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import { findByUsername, PROVIDER, userNotFound } from "./wallets.ts";

const RECORDS_MAX = 1_000;

/** Special characters were refused in comments; which ones are special is not documented. */
const PLAIN_COMMENT = /^[\p{L}\p{N} .,:_-]*$/u;

/** No code for a closed batch is public; a member of the documented enumeration whose meaning is not known. */
const BATCH_CLOSED_CODE = -57;

/** `autoLoad` credits the wallets and closes the batch; without it the loads wait until a later call of the batch has it. */
export const loadFunds = ({ ledger }: World, { json }: Call): Answer => {
  const inputs = new Inputs(json);
  const batch = inputs.text("partnerBatchId", { max: 100 });
  inputs.text("poolId", { max: 50, optional: true });
  const allowsDuplicates = inputs.flag("allowDuplicates");
  const autoLoad = inputs.flag("autoLoad");
  const currency = inputs.currency("currencyCode");
  const loaded = ledger.movements({ provider: PROVIDER, group: batch });
  const references = new Set<string>();
  const rows = inputs.rows("arrAccounts", { max: RECORDS_MAX }).map((row) => {
    const username = row.text("username", { max: 300 });
    const value = row.amount("amount", currency);
    const reference = row.text("merchantReferenceId", { max: 50 });
    const comments = row.text("comments", { max: 500, optional: true });
    if (!PLAIN_COMMENT.test(comments)) row.refuse("comments", "Comments: Special character not allowed");
    if (isKnown(ledger, references, reference)) row.refuse("merchantReferenceId", "Invalid merchant reference id");
    references.add(reference);
    return { row, username, value, reference, comments };
  });
  const payees = new Set(loaded.map(({ account }) => account));
  const drafts: MovementDraft[] = [];
  for (const { row, username, value, reference, comments } of inputs.areValid ? rows : []) {
    const wallet = findByUsername(ledger, username);
    if (!wallet) return userNotFound();
    // Judged by username inside the batch, as documented.
    if (!allowsDuplicates && payees.has(wallet.account)) row.refuse("username", "Duplicate username in the batch");
    payees.add(wallet.account);
    drafts.push({
      provider: PROVIDER,
      operation: "load",
      reference,
      account: wallet.account,
      amount: { value, currency },
      direction: "credit",
      group: batch,
      status: autoLoad ? "settled" : "pending",
      details: { comments },
    });
  }
  if (!inputs.areValid) return invalid(inputs.errors);
  if (loaded.some(({ status }) => status === "settled")) return failure(BATCH_CLOSED_CODE, "Batch is closed");
  ledger.record(drafts);
  if (autoLoad) for (const movement of loaded) ledger.end(movement, "settled");
  return success("Success", { batchId: batch });
};

const isKnown = (ledger: Ledger, inThisCall: ReadonlySet<string>, reference: string): boolean =>
  reference !== "" &&
  (inThisCall.has(reference) ||
    ledger.movements({ provider: PROVIDER, reference }).some(({ operation }) => operation === "load"));
