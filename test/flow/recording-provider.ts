/** A stranger's i-payout: answers as the documents say, moves nothing, and remembers every byte that it was sent. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const secrets = {
  username: "stranger-api-user",
  password: "correct-horse-battery-staple",
  token: "eyJ-token-of-the-stranger-eyJ",
} as const;

export async function startRecordingProvider(spendbackAnswer?: { readonly status: number; readonly body: string }) {
  const calls: RecordedCall[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const url = request.url ?? "";
    calls.push({ method: request.method ?? "", url, headers: request.headers, body });
    const answer = (text: string, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    if (url === "/api/v1/authentication/login") {
      return answer(
        `{"isSuccess":true,"message":"Success","statusCode":0,"logIdentifier":"123456789","data":{"merchantId":"merchant123","token":"${secrets.token}","expireInMinutes":1440}}`,
      );
    }
    if (url.includes("/balances/")) {
      return answer(
        '{"isSuccess":true,"message":"Account balance retrieved successfully","statusCode":200,"data":{"balance":1000.00,"currency":"USD"}}',
      );
    }
    if (url === "/api/v1/payins/spendback") {
      if (spendbackAnswer) return answer(spendbackAnswer.body, spendbackAnswer.status);
      const { reference } = JSON.parse(body) as { reference: string };
      return answer(
        `{"isSuccess":true,"message":"Spend back payment created successfully","statusCode":200,"data":{"transactionId":"${reference}","amount":100.00,"currency":"USD","status":"Completed"}}`,
      );
    }
    return answer('{"IsSuccess":false,"Message":"nothing here","StatusCode":-3,"LogIdentifier":"0"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    calls,
    connections: JSON.stringify([
      {
        id: "own",
        provider: "ipayout",
        baseUrl,
        username: secrets.username,
        password: secrets.password,
        merchantId: "merchant123",
      },
    ]),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
