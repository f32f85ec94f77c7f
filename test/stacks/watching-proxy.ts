/** A proxy before the local AWS that notes which function does what to what, in the words of `stacks/permissions.ts`. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { actingHeader } from "./acting-function.ts";

export interface WatchingProxy {
  readonly url: string;
  /** `create-spendback Transactions PutItem`, `follow-up Transactions Query due`, `publish-events publishes`. */
  readonly seen: ReadonlySet<string>;
  /** Where the requests go on to. */
  lead(targets: { readonly dynamoDb: string; readonly aws: string }): void;
  close(): Promise<void>;
}

const otherRights: Readonly<Record<string, string>> = {
  StartExecution: "startsFlow",
  PutEvents: "publishes",
  GetSecretValue: "readsConnections",
};

export async function startWatchingProxy(): Promise<WatchingProxy> {
  const seen = new Set<string>();
  let targets = { dynamoDb: "", aws: "" };
  const server = createServer((request, response) => {
    void (async () => {
      const text = await textOf(request);
      const [service = "", operation = ""] = String(request.headers["x-amz-target"]).split(".");
      const isData = service.startsWith("DynamoDB");
      const by = request.headers[actingHeader];
      if (by !== undefined)
        for (const right of isData ? onTables(operation, text) : others(operation)) seen.add(`${by} ${right}`);
      const { host: _host, "content-length": _length, connection: _connection, ...headers } = request.headers;
      const answer = await fetch(isData ? targets.dynamoDb : targets.aws, {
        method: "POST",
        headers: headers as Record<string, string>,
        body: text,
      });
      const type = answer.headers.get("content-type") ?? "application/x-amz-json-1.0";
      response.writeHead(answer.status, { "content-type": type }).end(await answer.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    lead: (given) => {
      targets = given;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function others(operation: string): string[] {
  return [otherRights[operation] ?? operation];
}

function onTables(operation: string, text: string): string[] {
  const { TableName, IndexName, RequestItems = {} } = JSON.parse(text);
  const names: string[] = TableName === undefined ? Object.keys(RequestItems) : [TableName];
  const action = IndexName === undefined ? operation : `${operation} ${IndexName}`;
  return names.map((name) => `${name.replace("moneyback-local-", "")} ${action}`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
