/** Makes a connector from a connection's entry, as the configuration does, without looking its provider up. */
import { type ConfiguredConnection, configureWith } from "../../lib/providers/connections.ts";
import type { HttpClient } from "../../lib/providers/http.ts";
import type { Connector, Provider } from "../../lib/providers/port.ts";

/** @throws Error naming what is wrong with the entry */
export function connectorOf(
  provider: Provider,
  entry: unknown,
  http: HttpClient,
  now: () => Date = () => new Date(),
): Connector {
  const connection: ConfiguredConnection | { problem: string } = configureWith(provider, provider.id, entry, () => ({
    http,
    now,
  }));
  if ("problem" in connection) throw new Error(`the connection is wrong: ${connection.problem}`);
  return connection.connector;
}
