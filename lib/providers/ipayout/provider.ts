/** i-payout: login, balance, spendback, and finding a spendback again. */
import type { Balance } from "../../domain/money.ts";
import type { Finding, Outcome, Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import { type Connector, defineProvider, type Login, type Outside, type SpendbackOrder } from "../port.ts";
import { IpayoutConnection } from "./config.ts";
import {
  balanceOf,
  checkOrder,
  definiteFailure,
  findingOf,
  isSessionFailure,
  outcomeOfSpendback,
  spendbackBody,
} from "./mapping.ts";
import { readWebhook } from "./webhook.ts";
import { BalanceData, type Envelope, LoginData, parseEnvelope } from "./wire.ts";

export const ipayout = defineProvider({ id: "ipayout", Connection: IpayoutConnection, connect });

function connect(connection: IpayoutConnection, { http, now }: Outside): Connector {
  const { baseUrl, username, password, merchantId, profile, timeoutMs } = connection;
  const api = `${baseUrl}/api/v1`;
  const common = { accept: "application/json", "x-merchantid": merchantId };
  const bearer = (token: string | undefined) => ({ ...common, authorization: `Bearer ${token}` });

  return {
    authenticate: async () => {
      const basic = Buffer.from(`${username}:${password}`).toString("base64");
      const exchange = await http({
        method: "GET",
        url: `${api}/authentication/login`,
        headers: { ...common, authorization: `Basic ${basic}` },
        timeoutMs,
      });
      return readLogin(exchange);
    },

    balance: async ({ account, currency }, token) => {
      const exchange = await http({
        method: "GET",
        url: `${api}/beneficiaries/${encodeURIComponent(account)}/balances/${encodeURIComponent(currency)}`,
        headers: bearer(token),
        timeoutMs,
      });
      return readBalance(exchange, currency);
    },

    spendback: {
      check: (order) => checkOrder(order, profile),
      payer: (order) => order.recipient.id ?? "",
      rejectsDuplicates: false,

      submit: async (order, token): Promise<Outcome> => {
        const exchange = await http({
          method: "POST",
          url: `${api}/payins/spendback`,
          headers: { ...bearer(token), "content-type": "application/json" },
          body: spendbackBody(order, profile),
          timeoutMs,
        });
        if (exchange.kind === "not-sent") return { kind: "not-sent", reason: "unreachable", detail: exchange.detail };
        if (exchange.kind === "in-doubt") return { kind: "unknown", detail: exchange.detail };
        return outcomeOfSpendback(exchange.status, parseEnvelope(exchange.text), order, profile);
      },

      lookUp: async (order, token) => {
        const exchange = await http({
          method: "GET",
          url: `${api}/Transaction/get?merchantReferenceId=${encodeURIComponent(order.reference)}`,
          headers: bearer(token),
          timeoutMs,
        });
        return readFinding(exchange, order);
      },
    },

    webhooks: { read: (delivery) => readWebhook(delivery, connection, now()) },
  };
}

function readLogin(exchange: Exchange): Reading<Login> {
  const answer = readEnvelope(exchange);
  if (answer.kind === "session-rejected") {
    return { kind: "refused", code: "credentials_rejected", message: answer.detail };
  }
  if (answer.kind !== "read") return answer;
  const { data } = LoginData.safeParse(answer.value.data);
  const minutes = Number(data?.expireinminutes);
  if (!answer.value.issuccess || !data || !(minutes > 0)) {
    return { kind: "unavailable", detail: `login answered code ${answer.value.statuscode}` };
  }
  return { kind: "read", value: { token: data.token, lifetimeMs: minutes * 60_000 } };
}

function readBalance(exchange: Exchange, currency: string): Reading<Balance> {
  const answer = readEnvelope(exchange);
  if (answer.kind !== "read") return answer;
  const { issuccess, statuscode, message } = answer.value;
  if (!issuccess) {
    const failure = definiteFailure(statuscode, message);
    return failure
      ? { ...failure, kind: "refused" }
      : { kind: "unavailable", detail: `balance answered code ${statuscode}` };
  }
  const { data } = BalanceData.safeParse(answer.value.data);
  const balance = data && balanceOf(data.balance, data.currencycode ?? data.currency, currency);
  return balance ? { kind: "read", value: balance } : { kind: "unavailable", detail: "a balance that cannot be read" };
}

/** A lookup that fails in words found nothing as far as we know; how an empty result looks is not documented. */
function readFinding(exchange: Exchange, order: SpendbackOrder): Reading<Finding> {
  const answer = readEnvelope(exchange);
  if (answer.kind !== "read") return answer;
  if (!answer.value.issuccess) return { kind: "read", value: { kind: "nothing" } };
  const finding = findingOf(answer.value.data, order);
  return finding ? { kind: "read", value: finding } : { kind: "unavailable", detail: "a lookup that cannot be read" };
}

/** The envelope of a call that only reads. Whatever did not come through may be asked again. */
function readEnvelope(exchange: Exchange): Reading<Envelope> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const envelope = parseEnvelope(exchange.text);
  if (isSessionFailure(exchange.status, envelope)) {
    return { kind: "session-rejected", detail: `HTTP ${exchange.status} ${envelope?.statuscode ?? ""}`.trim() };
  }
  if (!envelope || exchange.status >= 500 || exchange.status === 429) {
    return { kind: "unavailable", detail: `HTTP ${exchange.status}` };
  }
  return { kind: "read", value: envelope };
}
