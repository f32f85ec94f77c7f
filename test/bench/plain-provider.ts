/** Providers that answer success at once and keep nothing, so that what is timed is ours; the sandbox keeps a ledger and grows. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface PlainProvider {
  /** For `startStack`: one connection for each kind. */
  readonly connections: string;
  close(): Promise<void>;
}

/** What the settlement was captured at, in minor units: enough for every refund of a run. */
const capturedMinor = 100_000_000;

export async function startPlainProvider(): Promise<PlainProvider> {
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const answer =
      request.method === "GET" && isLookup(request.url ?? "") ? undefined : plainAnswer(request.url ?? "", text);
    response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(answer ?? "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    connections: JSON.stringify(plainConnections(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One connection for each kind, at one address. */
export function plainConnections(baseUrl: string): readonly object[] {
  const login = { username: "bench", password: "bench" };
  return [
    { id: "ipayout", provider: "ipayout", baseUrl, ...login, merchantId: "bench" },
    { id: "paysafe", provider: "paysafe", baseUrl, ...login, accountId: "1", currency: "USD" },
    {
      id: "sipay",
      provider: "sipay",
      baseUrl,
      tokenUrl: `${baseUrl}/connect/token`,
      clientId: "bench",
      clientSecret: "bench",
      scope: "bench",
      platformClientId: "bench",
      senderAccountNumber: "1",
      senderWalletNumber: "2",
    },
  ];
}

/** The answer to a call, by the path and the query of its address. */
export function plainAnswer(url: string, text: string): string {
  if (url.startsWith("/api/v1")) return JSON.stringify(ipayout(url, text));
  if (url.startsWith("/cardpayments/v1")) return JSON.stringify(paysafe(url, text));
  return JSON.stringify(sipay(url, text));
}

/** Nothing is kept that could be looked up. Only on a machine too busy to answer in time is anything in doubt here. */
function isLookup(url: string): boolean {
  return url.startsWith("/api/v1/Transaction/") || url.includes("/refunds?");
}

function ipayout(url: string, text: string): object {
  const envelope = (data: object) => ({ isSuccess: true, message: "Success", statusCode: 200, data });
  if (url.endsWith("/login")) return envelope({ merchantId: "bench", token: "bench", expireInMinutes: 1_440 });
  if (url.includes("/balances/")) return envelope({ balance: 1_000_000, currency: "USD" });
  const { reference, amount, currency } = JSON.parse(text) as { reference: string; amount: number; currency: string };
  return envelope({ transactionId: reference, amount, currency, status: "Completed" });
}

function paysafe(url: string, text: string): object {
  if (!url.endsWith("/refunds"))
    return { status: "COMPLETED", amount: capturedMinor, availableToRefund: capturedMinor };
  const { merchantRefNum, amount } = JSON.parse(text) as { merchantRefNum: string; amount: number };
  return { id: merchantRefNum, merchantRefNum, amount, status: "COMPLETED" };
}

function sipay(url: string, text: string): object {
  if (url.endsWith("/token")) return { access_token: "bench", token_type: "Bearer", expires_in: 3_600 };
  const envelope = (payload: object) => ({ status: 0, code: "100", message: "Success", payload });
  const funds = { available: 1_000_000 };
  if (url.endsWith("/Wallet/Info")) {
    return envelope({ wallet_info: { currency_code: "TRY", payment_balance: funds, cash_balance: funds } });
  }
  const { ext_transaction_id, amount } = JSON.parse(text) as { ext_transaction_id: string; amount: number };
  return envelope({ transaction_id: ext_transaction_id, ext_transaction_id, transaction_amount: amount });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
