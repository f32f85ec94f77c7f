/** The configured connections: read from one JSON array, each checked against its provider's own shape. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { CommonConnection } from "./connection.ts";
import type { HttpClient } from "./http.ts";
import type { Connector } from "./port.ts";
import { providers } from "./registry.ts";

/** A connection that can be called. */
export interface ConfiguredConnection {
  readonly id: string;
  readonly provider: string;
  readonly config: CommonConnection;
  readonly connector: Connector;
  /** Names the cached session. Other credentials or another address give another name, so a rotated secret never meets an old token. */
  readonly sessionId: string;
}

/** A connection that cannot be called, and why, in words that name no secret. */
export interface BrokenConnection {
  readonly id: string;
  readonly problem: string;
}

export interface Connections {
  readonly configured: readonly ConfiguredConnection[];
  readonly broken: readonly BrokenConnection[];
}

const Named = z.looseObject({ id: z.string(), provider: z.string() });

/**
 * One wrong connection does not take the others with it: it is listed as broken.
 * @throws Error when the text is not a JSON array.
 */
export function parseConnections(text: string, http: HttpClient): Connections {
  const entries: unknown = parseJson(text);
  if (!Array.isArray(entries)) throw new Error("the connections are not a JSON array");
  const configured = new Map<string, ConfiguredConnection>();
  const broken: BrokenConnection[] = [];
  for (const [place, entry] of entries.entries()) {
    const connection = configure(entry, place, http);
    if ("problem" in connection) broken.push(connection);
    else if (configured.has(connection.id)) broken.push({ id: connection.id, problem: "the id stands twice" });
    else configured.set(connection.id, connection);
  }
  return { configured: [...configured.values()], broken };
}

function configure(entry: unknown, place: number, http: HttpClient): ConfiguredConnection | BrokenConnection {
  const named = Named.safeParse(entry);
  if (!named.success) return { id: `#${place}`, problem: "id and provider are required, as text" };
  const { id } = named.data;
  const provider = providers.find((one) => one.id === named.data.provider);
  if (!provider) {
    return { id, problem: `unknown provider; known are ${providers.map((one) => one.id).join(", ")}` };
  }
  const made = provider.configure(entry, http);
  if ("problems" in made) return { id, problem: made.problems.join("; ") };
  const digest = createHash("sha256").update(JSON.stringify(made.config)).digest("base64url");
  return { id, provider: provider.id, ...made, sessionId: `${id}#${digest.slice(0, 16)}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text, which holds secrets.
    throw new Error("the connections are not JSON");
  }
}
