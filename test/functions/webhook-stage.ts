/** What the tests of webhooks stand on: a task's stage whose connector reads webhooks as the test says. */
import { type Dependencies, run } from "../../functions/receive-webhook.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import type { Call } from "../../lib/lambda/endpoint.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import type { WebhookDelivery, WebhookReading } from "../../lib/providers/port.ts";
import { memoryClaims } from "../../lib/store/memory-store.ts";
import type { Script } from "./scripted-connector.ts";
import { taskStage } from "./stage.ts";

/** A call that is not answered. */
export const never = (): Promise<never> => new Promise(() => {});

const call: Call = { tenant: "", keyId: "", requestId: "r-1", headers: {}, idempotencyKey: "" };

export async function webhookStage(script: Script = {}, members: Partial<ConfiguredConnection> = {}) {
  const read: WebhookDelivery[] = [];
  let reading: WebhookReading = { kind: "refused", detail: "the test expects none" };
  const stage = await taskStage(
    {
      readWebhook: (delivery) => {
        read.push(delivery);
        return reading;
      },
      ...script,
    },
    members,
  );
  const claims = memoryClaims();
  const claimed: string[] = [];
  const looked: string[] = [];
  const started: FlowInput[] = [];
  const dependencies: Dependencies = {
    connections: stage.connections,
    transactions: {
      get: async (id, consistency) => {
        looked.push(id);
        // The item was written a moment ago, perhaps by the very call that the webhook is about.
        if (consistency !== "consistent") throw new Error("the read must be consistent");
        return stage.transactions.get(id, consistency);
      },
    },
    claims: {
      claim: async (id, fingerprint, now) => {
        claimed.push(`${id} ${fingerprint}`);
        return claims.claim(id, fingerprint, now);
      },
    },
    sessions: { get: stage.sessions.get },
    flow: {
      start: async (input) => {
        started.push(input);
      },
    },
    now: stage.now,
    sleep: never,
  };
  return {
    ...stage,
    call,
    dependencies,
    /** What the connector was given to read. */
    read,
    claimed,
    started,
    startedIds: () => started.map(({ transactionId }) => transactionId),
    /** Everything that was read or written outside of the connector. */
    touched: () => [...claimed, ...looked, ...stage.calls, ...started],
    /** What the connector makes of the next webhooks. */
    reads(next: WebhookReading): void {
      reading = next;
    },
    /** Delivers a webhook with this body, of which the connector makes this. */
    async deliver(next: WebhookReading, body = "body") {
      reading = next;
      return run(
        { connection: "scripted", body: Buffer.from(body), url: "https://api.example.com" },
        dependencies,
        call,
      );
    },
  };
}
