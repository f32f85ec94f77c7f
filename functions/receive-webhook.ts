/** `POST /v1/webhooks/{connection}`: takes what a provider sends by itself, and looks at the transactions that it is about. */

import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { claimStore, clock, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { stepFunctionsFlow } from "../lib/lambda/step-functions.ts";
import { followHint, type HintDependencies } from "../lib/lambda/webhook-hint.ts";
import type { WebhookReading } from "../lib/providers/port.ts";
import { hintOf } from "../lib/providers/webhook.ts";

export const ReceiveWebhook = z.object({ connection: z.string(), body: z.instanceof(Buffer), url: z.string() });
export type ReceiveWebhook = z.infer<typeof ReceiveWebhook>;

export interface Dependencies extends HintDependencies {
  readonly connections: ConnectionBook;
}

/** Providers give up soon, and send again what is not answered. */
const patienceMs = 4_500;

/**
 * Only who sends it decides the answer. What is authentic, or not signed at all, is received, whatever goes wrong with it
 * afterwards: it only makes us look sooner at what is found by its due time anyway.
 * @throws VisibleError not_found, unauthorized
 */
export async function run(delivery: ReceiveWebhook, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { body, url } = delivery;
  const { requestId, headers } = call;
  const connection = await dependencies.connections.get(delivery.connection);
  if (!connection) throw new VisibleError("not_found", "There is no such connection.");

  const reading: WebhookReading = connection.connector.webhooks?.read({ body, headers, url }) ?? {
    // Of a provider that documents none, what names a transaction of ours is worth a look.
    kind: "unsigned",
    hint: hintOf(body),
  };
  const fields = { requestId, connection: connection.id };
  if (reading.kind === "refused") {
    log("warn", "webhook refused", { ...fields, outcome: reading.detail });
    throw new VisibleError("unauthorized", "This webhook carries no valid signature.");
  }
  const hinted = { connection, hint: reading.hint, isAuthentic: reading.kind === "authentic", body, requestId };
  const followed = followHint(hinted, dependencies).catch((error: unknown) => {
    log("error", "webhook not followed", { ...fields, ...errorFields(error) });
  });
  const late = dependencies.sleep(patienceMs).then(() => "late");
  if ((await Promise.race([followed, late])) === "late") log("warn", "webhook not followed in time", fields);
  return { status: 200, body: { received: true } };
}

export const handler = endpointHandler(
  { from: "delivery", input: ReceiveWebhook, run },
  (): Dependencies => ({
    connections: callingConnections(httpWhenCalled),
    transactions: transactionStore(),
    claims: claimStore(),
    sessions: sessionStore(),
    flow: stepFunctionsFlow(),
    ...clock,
  }),
);
