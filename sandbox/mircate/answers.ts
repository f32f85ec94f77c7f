/** Mircate's answers: plain JSON, the platform's validation failure, and failures whose bodies are not documented. */

import type { Answer, Call, World } from "../provider.ts";

export const API_KEY = "sandbox-api-key";

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...headers, "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: "",
});

/** The words are those of the method pages' list of answers. */
const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Record Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
};

/** A failure that is documented by its status only. */
export const failure = ({ switchValue }: World, status: number, message = titles[status] ?? "Error"): Answer => {
  const form = switchValue("error-body");
  if (form === "empty") return empty(status);
  if (form === "text") return { status, headers: { "content-type": "text/plain" }, body: message };
  return json(status, { message });
};

/** One of AJV's complaints, as the platform passes them on. */
export interface Issue {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** The platform's answer to a body that breaks the method's input model (contract, section 9). */
export const invalid = (issues: readonly Issue[]): Answer =>
  json(400, { code: "VALIDATION", message: "Model validation has been failed.", issues });

/** A missing or wrong key is 403, not 401 (Errors page). */
export const guard =
  (world: World, handle: (call: Call) => Answer) =>
  (call: Call): Answer =>
    call.headers["x-api-key"] === API_KEY ? handle(call) : failure(world, 403);
