/** Sipay: token, a wallet's balance, cashback, and finding a cashback again. */
import type { Balance } from "../../domain/money.ts";
import type { Finding, Outcome, Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import { type CashbackOrder, type Connector, defineProvider, type Outside } from "../port.ts";
import { SipayConnection } from "./config.ts";
import { findingOf, searchBody } from "./finding.ts";
import { loginBody, readLogin } from "./login.ts";
import {
  balanceOf,
  cashbackBody,
  checkOrder,
  definiteFailure,
  isSessionFailure,
  isSuccess,
  outcomeOfCashback,
  type Sender,
  senderOf,
  wordsOf,
} from "./mapping.ts";
import { readWebhook } from "./webhook.ts";
import { parseEnvelope } from "./wire.ts";

export const sipay = defineProvider({ id: "sipay", Connection: SipayConnection, connect });

function connect(connection: SipayConnection, { http, now }: Outside): Connector {
  const { baseUrl, tokenUrl, platformClientId, senderAccountNumber, method, paidFrom, timeoutMs } = connection;
  const accept = { accept: "application/json" };
  const call = (path: string, body: string, token: string | undefined): Promise<Exchange> =>
    http({
      method: "POST",
      url: `${baseUrl}/v1/${path}`,
      headers: {
        ...accept,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-client-id": platformClientId,
      },
      body,
      timeoutMs,
    });

  return {
    authenticate: async () => {
      const headers = { ...accept, "content-type": "application/x-www-form-urlencoded" };
      return readLogin(await http({ method: "POST", url: tokenUrl, headers, body: loginBody(connection), timeoutMs }));
    },

    /** `account` is `accountNumber/walletNumber`, or a wallet number of the connection's own account. */
    balance: async ({ account, currency }, token) => {
      const wallet = walletOf(account, senderAccountNumber);
      if (!wallet) return { kind: "refused", code: "account_not_found", message: "Name accountNumber/walletNumber." };
      const body = JSON.stringify({ account_number: wallet.accountNumber, wallet_number: wallet.walletNumber });
      return readBalance(await call("Wallet/Info", body, token), currency, paidFrom);
    },

    cashback: {
      ownSender: senderOf({}, connection),
      check: (draft) => checkOrder(draft, senderOf(draft, connection)),
      payer: (order) => {
        const { accountNumber, walletNumber } = senderOf(order, connection);
        return `${accountNumber}/${walletNumber}`;
      },
      // 301 says so for the platform; that CashBackCredit obeys it is documented nowhere.
      rejectsDuplicates: false,

      submit: async (order, token): Promise<Outcome> => {
        const body = cashbackBody(order, senderOf(order, connection), method);
        const exchange = await call(`Transaction/${method}`, body, token);
        if (exchange.kind === "not-sent") return { kind: "not-sent", reason: "unreachable", detail: exchange.detail };
        if (exchange.kind === "in-doubt") return { kind: "unknown", detail: exchange.detail };
        return outcomeOfCashback(exchange.status, parseEnvelope(exchange.text), order);
      },

      lookUp: async (order, token) => {
        const exchange = await call("TransactionData/SummaryRecordByFilter", searchBody(order, now()), token);
        return readFinding(exchange, order, senderOf(order, connection));
      },
    },

    webhooks: { read: readWebhook },
  };
}

function walletOf(account: string, ownAccountNumber: string): Sender | undefined {
  const [first = "", second, ...rest] = account.split("/");
  const wallet =
    second === undefined
      ? { accountNumber: ownAccountNumber, walletNumber: first }
      : { accountNumber: first, walletNumber: second };
  return rest.length === 0 && wallet.accountNumber && wallet.walletNumber ? wallet : undefined;
}

function readBalance(exchange: Exchange, currency: string, paidFrom: SipayConnection["paidFrom"]): Reading<Balance> {
  const answer = readPayload(exchange);
  return answer.kind === "read" ? balanceOf(answer.value, currency, paidFrom) : answer;
}

/** A search that fails, in whatever words, has found out nothing. */
function readFinding(exchange: Exchange, order: CashbackOrder, sender: Sender): Reading<Finding> {
  const answer = readPayload(exchange);
  if (answer.kind === "refused") return { kind: "unavailable", detail: `code ${answer.providerCode}` };
  if (answer.kind !== "read") return answer;
  const finding = findingOf(answer.value, order, sender);
  return finding ? { kind: "read", value: finding } : { kind: "unavailable", detail: "a lookup that cannot be read" };
}

/** The payload of a call that only reads. Whatever did not come through may be asked again. */
function readPayload(exchange: Exchange): Reading<unknown> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const envelope = parseEnvelope(exchange.text);
  const detail = wordsOf(exchange.status, envelope);
  if (isSessionFailure(exchange.status, envelope)) return { kind: "session-rejected", detail };
  if (!envelope || exchange.status >= 500 || exchange.status === 429) return { kind: "unavailable", detail };
  if (isSuccess(envelope) && exchange.status >= 200 && exchange.status < 300) {
    return { kind: "read", value: envelope.payload };
  }
  // What refuses a movement says nothing of a read, but that there is no such wallet.
  const failure = definiteFailure(envelope);
  return failure?.code === "account_not_found" ? { ...failure, kind: "refused" } : { kind: "unavailable", detail };
}
