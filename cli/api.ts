/** Calls the service, and turns whatever is no answer into the error that ends the command. */
import { CommandError, unreachable, usage } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Settings } from "./settings.ts";

export interface ApiCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the service may take beyond what a call usually takes. */
  readonly waitSeconds?: number;
  /** Calls that need no API key. */
  readonly isOpen?: boolean;
  /** A status that is an answer though it is an error, such as the 503 of a health document. */
  readonly answersWith?: number;
}

export interface Reply<Body> {
  readonly headers: Headers;
  readonly body: Body;
}

export interface Api {
  readonly url: string;
  /** The answer's body, trusted to be the API's. @throws CommandError */
  call<Body>(call: ApiCall): Promise<Reply<Body>>;
}

/** A gateway answers within 30 s; what takes longer is lost. */
const patienceMs = 35_000;

/** What stands before a service answers with these when the service does not. */
const gatewayStatuses = [502, 503, 504];

export function apiOf({ url, apiKey }: Settings, send: typeof fetch = fetch): Api {
  return {
    url,
    async call<Body>({ method, path, query = {}, body, headers, waitSeconds = 0, isOpen, answersWith }: ApiCall) {
      if (!isOpen && apiKey === undefined) {
        throw usage(`MONEYBACK_API_KEY is not set: ${url} needs an API key.`);
      }
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const search = given.length > 0 ? `?${new URLSearchParams(given)}` : "";
      const request: RequestInit = {
        method,
        headers: {
          ...(apiKey !== undefined && !isOpen && { authorization: `Bearer ${apiKey}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // Followed, a POST would become a GET, or go with the key to another place.
        redirect: "manual",
        signal: AbortSignal.timeout(patienceMs + waitSeconds * 1000),
      };
      const response = await answered(url, send(`${url}${path}${search}`, request));
      const text = await answered(url, response.text());
      const value = jsonOf(text);
      const isAnswer = response.ok || response.status === answersWith;
      if (isAnswer && isObject(value)) return { headers: response.headers, body: value as Body };
      throw refusal(url, response, value);
    },
  };
}

async function answered<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw unreachable(url, reasonOf(error));
  }
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it does not answer";
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  if ("code" in cause && cause.code === "ECONNREFUSED") return "nobody listens there";
  return cause.message || ("code" in cause ? String(cause.code) : error.message);
}

function refusal(url: string, { status, headers }: Response, value: unknown): CommandError {
  if (isObject(value) && typeof value["code"] === "string" && typeof value["detail"] === "string") {
    const exitCode = status < 500 ? exitCodes.refused : exitCodes.failure;
    const retryAfter = headers.get("retry-after");
    return new CommandError(exitCode, value["code"], value["detail"], {
      ...value,
      ...(retryAfter !== null && { retryAfter }),
    });
  }
  // A gateway that refuses by itself, such as a 429, has no problem document.
  if (isObject(value) && typeof value["message"] === "string" && status >= 400 && status < 500) {
    return new CommandError(exitCodes.refused, "refused_by_gateway", `${url} answers ${status}: ${value["message"]}`, {
      status,
    });
  }
  if (gatewayStatuses.includes(status)) return unreachable(url, `what stands before it answers ${status}`);
  const what = `${url} answers ${status} with something that is not Moneyback's. Is MONEYBACK_URL right?`;
  return new CommandError(exitCodes.failure, "unexpected_answer", what, { status });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
