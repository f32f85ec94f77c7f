/** Paysafe Card Payments: refunds of settlements, wholly, partly, or with shares clawed back from linked accounts. */
import { failureMessages, type Outcome } from "../../domain/outcome.ts";
import { type Cancellation, type Connector, defineProvider, type Outside, type RefundOrder } from "../port.ts";
import { type Client, openClient } from "./client.ts";
import { PaysafeConnection } from "./config.ts";
import { lookUp } from "./look-up.ts";
import { cancellationOf, outcomeOfSubmission } from "./mapping.ts";
import { checkDraft, isId, refundBody } from "./order.ts";
import { readAvailable, readRemaining } from "./settlement.ts";
import { readWebhook } from "./webhook.ts";

export const paysafe = defineProvider({ id: "paysafe", Connection: PaysafeConnection, connect });

/** How late a refund may be listed is not documented; ten seconds is our guess, and a wrong one costs a refused duplicate. */
const lookupLagMs = 10_000;

const remembersMs = 90 * 86_400_000;

function connect(connection: PaysafeConnection, { http, now }: Outside): Connector {
  const client = openClient(connection, http);
  const { currency } = connection;
  return {
    /** `account` is a settlement's id. */
    balance: async (query) => {
      if (query.currency === currency) return readAvailable(client, query.account, currency);
      return { kind: "refused", code: "currency_mismatch", message: `This account is in ${currency}.` };
    },

    refund: {
      check: (draft) => checkDraft(draft, connection),
      remaining: (draft) => readRemaining(client, draft.original, currency),
      currency: () => currency,
      // A reference used in the past 90 days is answered 409/5031 and moves nothing (Process Card Refund Split Payouts).
      rejectsDuplicates: { lookupLagMs, remembersMs },
      submit: (order) => submit(client, order),
      lookUp: (order) => lookUp(client, order, now()),
      cancel: (order) => cancel(client, order, now()),
    },

    webhooks: { read: (delivery) => readWebhook(delivery, connection) },
  };
}

async function submit(client: Client, order: RefundOrder): Promise<Outcome> {
  const { original } = order;
  // Never to another path than meant: `..` survives any encoding.
  if (!isId(original)) {
    return { kind: "declined", code: "original_not_found", message: failureMessages.original_not_found };
  }
  const exchange = await client.send("POST", `/settlements/${original}/refunds`, refundBody(order));
  switch (exchange.kind) {
    case "not-sent":
      return { kind: "not-sent", reason: "unreachable", detail: exchange.detail };
    case "in-doubt":
      return { kind: "unknown", detail: exchange.detail };
    case "answered":
      return outcomeOfSubmission(exchange.status, exchange.text, order);
  }
}

/** Takes a refund back that is still PENDING at Paysafe. */
async function cancel(client: Client, order: RefundOrder, now: Date): Promise<Cancellation> {
  const found = await idOf(client, order, now);
  if (found.kind !== "id") return found;
  const exchange = await client.send("PUT", `/refunds/${found.id}`, JSON.stringify({ status: "CANCELLED" }));
  if (exchange.kind !== "answered") return { kind: "unknown", detail: exchange.detail };
  return cancellationOf(exchange.status, exchange.text);
}

/** The id that a cancellation needs: known, or found by our reference. */
async function idOf(client: Client, order: RefundOrder, now: Date): Promise<Cancellation | { kind: "id"; id: string }> {
  if (order.providerTransactionId && isId(order.providerTransactionId)) {
    return { kind: "id", id: order.providerTransactionId };
  }
  const reading = await lookUp(client, order, now);
  if (reading.kind === "session-rejected") return reading;
  if (reading.kind !== "read") {
    return { kind: "unknown", detail: reading.kind === "refused" ? reading.message : reading.detail };
  }
  const finding = reading.value;
  // Nothing found is not "no such order": it may be listed late.
  if (finding.kind !== "found") return { kind: "unknown", detail: `the lookup came to ${finding.kind}` };
  const { outcome } = finding;
  switch (outcome.kind) {
    case "accepted":
      if (outcome.providerTransactionId && isId(outcome.providerTransactionId)) {
        return { kind: "id", id: outcome.providerTransactionId };
      }
      return { kind: "unknown", detail: "found without an id" };
    case "canceled":
      return outcome;
    case "settled":
    case "declined":
      return { kind: "refused", detail: `it is ${outcome.kind} already` };
    case "unknown":
      return outcome;
  }
}
