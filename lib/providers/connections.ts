/** The configured connections: read from one JSON array, each checked against its provider's own shape. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { CommonConnection } from "./connection.ts";
import type { Connector, OutsideOf, Provider, Reservation } from "./port.ts";
import { providers } from "./registry.ts";

/** A connection that can be called. */
export interface ConfiguredConnection {
  readonly id: string;
  readonly provider: string;
  readonly config: CommonConnection;
  readonly connector: Connector;
  /** Reserves the next request at the provider. Absent: nothing limits it. */
  readonly reserve?: () => Promise<Reservation>;
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

/** A connection as it stands in the text: named, not yet checked. */
interface Entry {
  readonly id: string;
  readonly provider: string;
  readonly entry: unknown;
}

/**
 * The connections in a text. Only what is asked for is configured, and only its provider's code is loaded.
 * One wrong connection does not take the others with it: it is listed as broken.
 * @throws Error when the text is not a JSON array.
 */
export function readConnections(text: string, outsideOf: OutsideOf) {
  const entries: unknown = parseJson(text);
  if (!Array.isArray(entries)) throw new Error("the connections are not a JSON array");
  const named = new Map<string, Entry>();
  const unusable: BrokenConnection[] = [];
  for (const [place, entry] of entries.entries()) {
    const { data } = Named.safeParse(entry);
    if (!data) unusable.push({ id: `#${place}`, problem: "id and provider are required, as text" });
    else if (named.has(data.id)) unusable.push({ id: data.id, problem: "the id stands twice" });
    else named.set(data.id, { id: data.id, provider: data.provider, entry });
  }
  const configured = new Map<string, Promise<ConfiguredConnection | BrokenConnection>>();
  const open = (entry: Entry) => {
    const opened = configured.get(entry.id) ?? configure(entry, outsideOf);
    configured.set(entry.id, opened);
    return opened;
  };
  return {
    /** The connection, or undefined where there is none of that id that can be called. */
    async get(id: string): Promise<ConfiguredConnection | undefined> {
      const entry = named.get(id);
      const connection = entry && (await open(entry));
      return connection && "connector" in connection ? connection : undefined;
    },
    async all(): Promise<Connections> {
      const opened = await Promise.all([...named.values()].map(open));
      return {
        configured: opened.filter((connection) => "connector" in connection),
        broken: [...unusable, ...opened.filter((connection) => "problem" in connection)],
      };
    },
  };
}

async function configure({ id, provider: name, entry }: Entry, outsideOf: OutsideOf) {
  const load = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (!load) return { id, problem: `unknown provider; known are ${Object.keys(providers).join(", ")}` };
  return configureWith(await load(), id, entry, outsideOf);
}

/** Checks a connection against its provider's shape and makes it callable. */
export function configureWith(
  provider: Provider,
  id: string,
  entry: unknown,
  outsideOf: OutsideOf,
): ConfiguredConnection | BrokenConnection {
  const made = provider.configure(entry, outsideOf);
  if ("problems" in made) return { id, problem: made.problems.join("; ") };
  const { config, connector, outside } = made;
  const digest = createHash("sha256").update(JSON.stringify(config)).digest("base64url");
  const sessionId = `${id}#${digest.slice(0, 16)}`;
  return {
    id,
    provider: provider.id,
    config,
    connector,
    sessionId,
    ...(outside.reserve && { reserve: outside.reserve }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text, which holds secrets.
    throw new Error("the connections are not JSON");
  }
}
