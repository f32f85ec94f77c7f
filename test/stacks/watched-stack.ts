/** A local stack whose functions are watched: what each of them does to tables, flow, bus and secret is noted. */
import { readdirSync } from "node:fs";
import { type Stack, startStack } from "../../local/stack.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { functionsFolder } from "../local/functions-folder.ts";
import { startWatchingProxy } from "./watching-proxy.ts";

const functions = new URL("../../functions/", import.meta.url);
const acting = new URL("./acting-function.ts", import.meta.url);

export interface WatchedStack {
  readonly stack: Stack;
  readonly sandboxUrl: string;
  /** What was done until now, as `stacks/permissions.ts` says it. */
  readonly seen: ReadonlySet<string>;
  stop(): Promise<void>;
}

export async function startWatchedStack(): Promise<WatchedStack> {
  const proxy = await startWatchingProxy();
  const sandbox = await startSandbox({ port: 0 });
  const names = readdirSync(functions).map((file) => file.replace(/\.ts$/, ""));
  const wrapped = names.map((name) => [
    name,
    `import { actAs } from ${JSON.stringify(acting.href)};
import { handler as inner } from ${JSON.stringify(new URL(`${name}.ts`, functions).href)};
export const handler = (event, context) => actAs(${JSON.stringify(name)}, () => inner(event, context));`,
  ]);
  const stack = await startStack({
    port: 0,
    sandboxPort: 0,
    awsPort: 0,
    clock: false,
    // With a rate, which is kept in a table, and with what a connection may have besides.
    connections: JSON.stringify(sandbox.connections.map((one) => withOptions(one as { provider: string }))),
    functionsUrl: await functionsFolder(Object.fromEntries(wrapped)),
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
      AWS_ENDPOINT_URL_SFN: proxy.url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: proxy.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: proxy.url,
    },
  });
  proxy.lead({ dynamoDb: stack.dynamoDbEndpoint, aws: stack.awsUrl });
  return {
    stack,
    sandboxUrl: sandbox.url,
    seen: proxy.seen,
    stop: async () => {
      await stack.stop();
      await sandbox.close();
      await proxy.close();
    },
  };
}

function withOptions(connection: { readonly provider: string }) {
  const spendbackRefunds = { path: "/payout/v3/spendback/refund" };
  // Without the secret for webhooks, so that a call can tell of what it likes.
  return {
    ...connection,
    webhookSecret: undefined,
    requestsPerSecond: 500,
    ...(connection.provider === "nexio" && { spendbackRefunds }),
  };
}
