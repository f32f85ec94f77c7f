/** Nexio: balance, spendback, refund of a spendback where a connection has it, and finding both again. */
import type { Finding, Outcome, Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import { type Connector, defineProvider, type Order, type Outside } from "../port.ts";
import { readBalance } from "./balance.ts";
import { NexioConnection } from "./config.ts";
import { list, view } from "./lookup.ts";
import { findingOf, findingOfRefund, outcomeOfRefund, outcomeOfSpendback } from "./mapping.ts";
import { checkRefund, checkSpendback, refundBody, spendbackBody } from "./orders.ts";
import { readWebhook, referenceOf } from "./webhook.ts";
import type { SpendbackRecord } from "./wire.ts";

export const nexio = defineProvider({
  id: "nexio",

  Connection: NexioConnection,
  connect,
});

function connect(connection: NexioConnection, { http, now }: Outside): Connector {
  const { baseUrl, username, apiKey, timeoutMs, providerId, balancePath, spendbackRefunds } = connection;
  const headers = {
    accept: "application/json",
    authorization: `Basic ${Buffer.from(`${username}:${apiKey}`).toString("base64")}`,
  };
  const get = (path: string) => http({ method: "GET", url: baseUrl + path, headers, timeoutMs });
  const post = (path: string, body: string) =>
    http({
      method: "POST",
      url: baseUrl + path,
      headers: { ...headers, "content-type": "application/json" },
      body,
      timeoutMs,
    });

  const find = ({ reference, createdAt }: Order) => list(get, reference, { since: createdAt, now: now() });

  return {
    ...(balancePath !== false && {
      balance: async ({ account, currency }) =>
        readBalance(await get(`${balancePath}?recipientRef=${encodeURIComponent(account)}`), currency, providerId),
    }),

    spendback: {
      check: checkSpendback,
      // Balances are kept under recipientRefs only.
      payer: ({ recipient }) => recipient.ref,
      rejectsDuplicates: false,
      submit: async (order) => {
        const exchange = await post("/payout/v3/spendback", spendbackBody(order, connection));
        return outcomeOf(exchange, (status, text) => outcomeOfSpendback(status, text, order));
      },
      lookUp: async (order) => {
        const { providerTransactionId: id } = order;
        if (id !== undefined) {
          const viewed = await view(get, id);
          if (viewed.kind !== "read") return viewed;
          // The list is the documented way.
          if (viewed.value) return { kind: "read", value: findingOf(viewed.value, order) };
        }
        return soleFinding(await find(order), (record) => findingOf(record, order));
      },
    },

    ...(spendbackRefunds && {
      refund: {
        check: checkRefund,
        rejectsDuplicates: false,
        // A spendback's record says what it was, not what is left of it.
        remaining: async () => ({ kind: "read", value: undefined }),
        currency: () => undefined,
        submit: async (order) => {
          const { path, idField } = spendbackRefunds;
          const body = refundBody(order, { idField, ...(providerId !== undefined && { providerId }) });
          return outcomeOf(await post(path, body), (status, text) => outcomeOfRefund(status, text, order));
        },
        lookUp: async (order) => soleFinding(await find(order), (record) => findingOfRefund(record, order)),
      },
    }),

    webhooks: {
      read: (delivery) => readWebhook(delivery, connection, now()),
      referenceOf: (id) => referenceOf(get, id),
    },
  };
}

function outcomeOf(exchange: Exchange, read: (status: number, text: string) => Outcome): Outcome {
  if (exchange.kind === "not-sent") return { kind: "not-sent", reason: "unreachable", detail: exchange.detail };
  if (exchange.kind === "in-doubt") return { kind: "unknown", detail: exchange.detail };
  return read(exchange.status, exchange.text);
}

/** References are ours and unique: a second record under one is a second movement. */
function soleFinding(
  records: Reading<readonly SpendbackRecord[]>,
  read: (record: SpendbackRecord) => Finding,
): Reading<Finding> {
  if (records.kind !== "read") return records;
  const [record, second] = records.value;
  if (second) return { kind: "read", value: { kind: "duplicate", detail: "several records carry our reference" } };
  return { kind: "read", value: record ? read(record) : { kind: "nothing" } };
}
