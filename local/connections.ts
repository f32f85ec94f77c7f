/** The connections of a local run: those of MONEYBACK_CONNECTIONS, else one per provider pointing at the sandbox. */

export interface LocalConnectionsOptions {
  /** The connections to the sandbox's providers. */
  readonly sandbox: readonly object[];
  /** The text of MONEYBACK_CONNECTIONS, if it is set. */
  readonly text?: string | undefined;
}

/** The JSON text that the secret `moneyback/connections` holds. Throws one line, without quoting the text: it holds credentials. */
export function localConnections({ sandbox, text }: LocalConnectionsOptions): string {
  if (!namesConnections(text)) return JSON.stringify(sandbox);
  assertJsonArray(text);
  return text;
}

/** Whether the text of MONEYBACK_CONNECTIONS names any; otherwise they are the sandbox's own. */
export function namesConnections(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** The ids in a text that `localConnections` answered. */
export function connectionIdsOf(connections: string): readonly string[] {
  return (JSON.parse(connections) as { id?: unknown }[]).map(({ id }) => String(id));
}

function assertJsonArray(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and with it perhaps a password: neither shown nor kept as a cause.
    throw new Error("MONEYBACK_CONNECTIONS is not valid JSON: it must be an array of connections.");
  }
  if (!Array.isArray(value)) throw new Error("MONEYBACK_CONNECTIONS must be a JSON array of connections.");
  if (!value.every((entry) => typeof entry === "object" && entry !== null && !Array.isArray(entry))) {
    throw new Error("MONEYBACK_CONNECTIONS must hold objects only, one for each connection.");
  }
}
