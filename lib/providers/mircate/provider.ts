/** Mircate: refunds of wallet payments, and finding them again without a reference. */
import type { Finding, Outcome, Reading } from "../../domain/outcome.ts";
import { type Connector, defineProvider, type Outside, type RefundOrder } from "../port.ts";
import { type Client, openClient } from "./client.ts";
import { MircateConnection } from "./config.ts";
import { findingOf } from "./finding.ts";
import { type Listing, listTransactions } from "./listing.ts";
import { outcomeOfRefund } from "./mapping.ts";
import { checkDraft, refundBody, turnOf } from "./order.ts";
import { currencyOf, readOriginal } from "./original.ts";
import { writeSnapshot } from "./snapshot.ts";

export const mircate = defineProvider({ id: "mircate", Connection: MircateConnection, connect });

/** Without `balance`: no page that could be read documents a way to tell one. The key goes with every call, so no login either. */
function connect(connection: MircateConnection, { http, now }: Outside): Connector {
  const client = openClient(connection, http);
  const { amountUnit } = connection;
  return {
    refund: {
      check: (draft) => checkDraft(draft, amountUnit, connection.currency),
      currency: (draft) => currencyOf(draft, connection),
      remaining: (draft) => readOriginal(client, draft, connection),
      rejectsDuplicates: false,
      exclusive: turnOf,

      prepare: async (order) => {
        const refunds = await listRefunds(client, order);
        if (refunds.kind !== "read") return refunds;
        // After the list was read: what is made from now on and not noted can only be newer.
        return { kind: "read", value: writeSnapshot(refunds.value, now()) };
      },

      submit: async (order): Promise<Outcome> => {
        const body = refundBody(order, amountUnit);
        if (body === undefined) return unwritable(order);
        const exchange = await client.refund(body);
        if (exchange.kind === "not-sent") return { kind: "not-sent", reason: "unreachable", detail: exchange.detail };
        if (exchange.kind === "in-doubt") return { kind: "unknown", detail: exchange.detail };
        return outcomeOfRefund(exchange.status, exchange.text, order, amountUnit);
      },

      lookUp: async (order): Promise<Reading<Finding>> => {
        const refunds = await listRefunds(client, order);
        if (refunds.kind !== "read") return refunds;
        const finding = findingOf(refunds.value, order, connection);
        if (!finding) return { kind: "unavailable", detail: "the list of refunds is not complete" };
        return { kind: "read", value: finding };
      },
    },
  };
}

function listRefunds(client: Client, { account }: RefundOrder): Promise<Reading<Listing>> {
  return listTransactions(client, { account, filter: { type: "REFUNDED" } });
}

/** Reached by "the rest" of an original whose total the caller gave in parts of a unit: what never leaves us surely moves nothing. */
function unwritable({ amount: { value, currency } }: RefundOrder): Outcome {
  const message = `Nothing was sent: ${value} (minor units) is no whole number of ${currency}.`;
  return { kind: "declined", code: "provider_rejected_request", message };
}
