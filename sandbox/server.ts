/** The sandbox: an HTTP server on this machine only, with each provider under its id and its controls under `/_sandbox`. */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Alarm } from "./alarm.ts";
import { answerControl, json, notFound } from "./answer-control.ts";
import type { Entry } from "./book.ts";
import { deliver, write } from "./deliver.ts";
import type { Incoming } from "./dispatch.ts";
import { dispatch } from "./dispatch.ts";
import { openFileJournal, openMemoryJournal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { TourStop } from "./provider.ts";
import { providers } from "./providers.ts";
import { isWebhookForUs, receiveWebhook } from "./receive-webhook.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./stage.ts";

const BODY_MAX_BYTES = 1_048_576;

/** Above what clients keep idle connections for, so that the server never closes one just as it is used again. */
const KEEP_ALIVE_MS = 75_000;

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Keeps accounts and movements in `sandbox.jsonl` there, across restarts; absent: in memory. */
  readonly dataDir?: string;
  /** Milliseconds since the epoch; the clock of tokens and of faults' delays on movements. */
  readonly now?: () => number;
}

export interface Sandbox {
  /** `http://127.0.0.1:4010`; a provider's base URL is this followed by `/` and its id. */
  readonly url: string;
  readonly ledger: Ledger;
  /** A client's connection to each provider, with the provider's id as its own. */
  readonly connections: readonly Readonly<Record<string, unknown>>[];
  /** Orders to try, one of each kind at each provider. */
  readonly tour: readonly (TourStop & { readonly provider: string })[];
  /** Tells of movements by webhook from now on, signed with the connections' own secrets; of each connection there. */
  sendWebhooks(urlOf: (connectionId: string) => string): void;
  /** Ends at once, silent calls and webhooks on their way included. */
  close(): Promise<void>;
}

/** Rejects where the port is taken or the journal unreadable. */
export const startSandbox = async ({ port, dataDir, now = Date.now }: SandboxOptions): Promise<Sandbox> => {
  const journal = dataDir === undefined ? openMemoryJournal<Entry>() : openFileJournal<Entry>(dataDir);
  let url = "";
  const stage = openStage(journal, now, randomUUID, (provider) => `${url}/${provider}`);
  const { ledger, receivers, postman } = stage.controls;
  const sendMail = (): void => void postman.send(stage.outbox.take());
  const alarm = new Alarm(ledger, now, () => {
    ledger.ripen();
    sendMail();
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const served = serve(stage, request, response).finally(() => {
      // Whoever reads the truth ripens what is due, controls included.
      sendMail();
      alarm.set();
    });
    served.catch((error: unknown) => {
      if (request.errored) return; // The client went away while it was still sending.
      process.stderr.write(
        `sandbox: ${request.method} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
      if (!response.headersSent) write(response, json(500, { error: "the sandbox itself failed; see its output" }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  }).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  alarm.set();
  return {
    url,
    ledger,
    connections: providers.map(({ id, connection }) => {
      const baseUrl = `${url}/${id}`;
      return { id, provider: id, baseUrl, ...connection(baseUrl) };
    }),
    sendWebhooks: (urlOf) => {
      for (const { id, webhooks, connection } of providers) {
        const secret = connection(`${url}/${id}`)["webhookSecret"];
        if (webhooks) receivers.save({ provider: id, url: urlOf(id), ...(typeof secret === "string" && { secret }) });
      }
    },
    tour: providers.flatMap(({ id, tour }) => tour.map((stop) => ({ ...stop, provider: id }))),
    close: async () => {
      alarm.stop();
      postman.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      journal.close();
    },
  };
};

const serve = async (stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const text = await readBody(request);
  if (text === undefined)
    return write(response, json(413, { error: `more than ${BODY_MAX_BYTES} bytes` }, { connection: "close" }));
  const url = URL.parse(request.url ?? "/", "http://sandbox");
  if (!url) return write(response, notFound(request.url ?? ""));
  const { pathname, search } = url;
  const incoming: Incoming = {
    method: request.method ?? "GET",
    path: pathname,
    search,
    headers: request.headers,
    text,
  };
  const [, first = ""] = pathname.split("/");
  if (isWebhookForUs(incoming)) return receiveWebhook(stage.controls.inbox, incoming, { request, response });
  if (first === "_sandbox") return write(response, answerControl(stage.controls, incoming));
  const { postman } = stage.controls;
  const mount = stage.mount(first);
  if (!mount) return write(response, notFound(pathname));
  const { delivery, record } = dispatch(mount, { ...incoming, path: pathname.slice(first.length + 1) });
  // Taken in the same turn, so that this is the call's own.
  const mail = stage.outbox.take(record.fault);
  if (record.fault === "webhook-first") await postman.send(mail);
  deliver({ request, response }, delivery, {
    onAnswer: (status) => {
      record.status = status;
    },
    onOver: () => void (record.fault === "webhook-first" || postman.send(mail)),
  });
};

/** Undefined where it is too long. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= BODY_MAX_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
};
