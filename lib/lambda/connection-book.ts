/** The connections as a Lambda sees them: one secret, cached, read again after a while and when credentials are refused. */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type ConfiguredConnection, type Connections, readConnections } from "../providers/connections.ts";
import type { HttpClient } from "../providers/http.ts";
import type { OutsideOf } from "../providers/port.ts";
import { clock, connectionStates } from "./dependencies.ts";
import { variable } from "./environment.ts";
import { gated } from "./gate.ts";

export interface ConnectionBook {
  /** The connection if it is configured and the tenant may use it. */
  find(id: string, tenant: string): Promise<ConfiguredConnection | undefined>;
  /** The connection of a transaction that was accepted before; whoever may use it now. */
  get(id: string): Promise<ConfiguredConnection | undefined>;
  all(): Promise<Connections>;
  /** Reads the secret again: after a rotation the credentials in hand are old. */
  refresh(): Promise<void>;
}

/** A rotated secret is seen within this time; each read costs $0.05 per 10,000. */
const cachedForMs = 300_000;

/** The book for a function that calls providers: through the gate, which all Lambdas share. */
export function callingConnections(http: HttpClient): ConnectionBook {
  return connectionBook(gated(http, { states: connectionStates(), ...clock }));
}

/**
 * The book over the secret that the environment names. A function that calls no provider gives no way outside: it then
 * cannot, and its bundle does without one. The others have `callingConnections`.
 */
export function connectionBook(outsideOf: OutsideOf = callsNobody): ConnectionBook {
  const client = new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  let cached: { connections: Promise<ReturnType<typeof readConnections>>; until: number } | undefined;

  const read = (): Promise<ReturnType<typeof readConnections>> => {
    if (cached && cached.until > Date.now()) return cached.connections;
    const connections = client
      .send(new GetSecretValueCommand({ SecretId: variable("CONNECTIONS_SECRET") }))
      .then(({ SecretString }) => readConnections(SecretString ?? "[]", outsideOf));
    cached = { connections, until: Date.now() + cachedForMs };
    // A failed read must not be remembered.
    connections.catch(() => {
      cached = undefined;
    });
    return connections;
  };

  return {
    async find(id, tenant) {
      const connection = await this.get(id);
      const allowed = connection?.config.tenants;
      return connection && (!allowed || allowed.includes(tenant)) ? connection : undefined;
    },
    async get(id) {
      return (await read()).get(id);
    },
    async all() {
      return (await read()).all();
    },
    async refresh() {
      cached = undefined;
      await read();
    },
  };
}

const callsNobody: OutsideOf = () => ({
  http: async () => {
    throw new Error("this function calls no provider");
  },
  now: clock.now,
});
