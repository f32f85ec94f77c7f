/** Answers one `/_sandbox` request: finds its endpoint, reads its input, turns wrong input into a 400 that says what is allowed. */

import { controlRoutes } from "./control.ts";
import type { Controls } from "./control-route.ts";
import type { Incoming } from "./dispatch.ts";
import type { Fields } from "./fields.ts";
import { FieldError } from "./fields.ts";
import type { Answer } from "./provider.ts";

export const answerControl = (controls: Controls, incoming: Incoming): Answer => {
  const path = incoming.path.replace(/\/$/, "");
  const routes = controlRoutes.filter((each) => each.path === path);
  const route = routes.find(({ method }) => method === incoming.method);
  if (routes.length === 0) return notFound(incoming.path);
  if (!route) {
    const allowed = routes.map(({ method }) => method);
    return json(405, { error: `${incoming.method} is not allowed here`, allowed }, { allow: allowed.join(", ") });
  }
  try {
    const { status, value } = route.run(controls, readInput(incoming));
    return json(status, value);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return json(400, { error: error.message, field: error.field, allowed: error.allowed });
  }
};

export const notFound = (path: string): Answer => json(404, { error: `nothing here: ${path}`, index: "/_sandbox" });

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...headers, "content-type": "application/json; charset=utf-8" },
  body: `${JSON.stringify(value)}\n`,
});

/** The body of a POST (empty: no fields), else the query. */
const readInput = ({ method, search, text }: Incoming): Fields => {
  if (method !== "POST") return Object.fromEntries(new URLSearchParams(search));
  if (text.trim() === "") return {};
  const value = parseBody(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new FieldError("body", "is not a JSON object");
};

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError("body", "is not JSON");
  }
};
