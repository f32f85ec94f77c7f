/** One HTTP POST on a connection of its own, as webhooks are sent. */

import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** Providers do not say how long they wait. */
const TIMEOUT_MS = 5_000;

export interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The HTTP status, or in a word why there was none (`timeout`, `ECONNREFUSED`). Never rejects; `ended` cuts it short. */
export const post = ({ url, headers, body }: Letter, ended: AbortSignal): Promise<number | string> =>
  new Promise((resolve) => {
    const send = url.startsWith("https:") ? requestHttps : requestHttp;
    const request = send(new URL(url), {
      method: "POST",
      agent: false,
      headers: {
        ...headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        connection: "close",
      },
      signal: ended,
    });
    const timer = setTimeout(() => {
      resolve("timeout");
      request.destroy();
    }, TIMEOUT_MS).unref();
    request.once("response", (response) => {
      // The status says it all; what else comes is read so that the connection ends.
      response.on("error", () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.once("close", () => {
      clearTimeout(timer);
      resolve("closed");
    });
    request.end(body);
  });
