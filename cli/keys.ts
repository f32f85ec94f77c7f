/** `keys create`, `list`, `revoke`: an operator's work on the table of API keys, by the AWS SDK and the usual AWS environment. */
import type { ApiKey } from "../lib/store/api-keys.ts";
import { CommandError } from "./command-error.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { expiryOf, scopesOf } from "./key-wishes.ts";
import { onKeysTable, type TableOptions } from "./keys-table.ts";
import { type Column, tableOf } from "./table.ts";
import { plain } from "./terminal.ts";

export interface CreateKeyOptions extends TableOptions {
  readonly tenant: string;
  readonly scopes: string;
  /** A date, a time with its zone, or a time from now such as `90d`. Absent: the key does not expire. */
  readonly expires?: string;
}

/** The one time that the key itself is shown: the table keeps its hash. */
export async function createKey(options: CreateKeyOptions, context: Context): Promise<number> {
  const { tenant, scopes, expires } = options;
  const expiresAt = expires === undefined ? undefined : expiryOf(expires, context.now());
  const apiKey: ApiKey = {
    keyId: `key_${context.newSecret(10)}`,
    tenant,
    scopes: scopesOf(scopes),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const key = `mbk_${context.newSecret(32)}`;
  await onKeysTable(options, context, ({ keys }) => keys.put(key, apiKey));
  context.terminal.show({ key, ...apiKey }, () =>
    [
      key,
      `${apiKey.keyId} of ${tenant} may ${apiKey.scopes.join(", ")}${expiresAt ? ` until ${expiresAt}` : ""}.`,
      "Keep the key: it is shown this once.",
    ].join("\n"),
  );
  return exitCodes.done;
}

export async function listKeys(
  options: TableOptions & { readonly tenant?: string },
  context: Context,
): Promise<number> {
  const { terminal, now } = context;
  const keys = await onKeysTable(options, context, ({ register }) => register.list(options.tenant));
  const isOver = ({ expiresAt }: ApiKey): boolean => expiresAt !== undefined && expiresAt <= now().toISOString();
  const columns: Column<ApiKey>[] = [
    { heading: "ID", cell: ({ keyId }) => plain(keyId) },
    { heading: "TENANT", cell: ({ tenant }) => plain(tenant) },
    {
      heading: "EXPIRES",
      cell: (key) => (key.expiresAt === undefined ? "never" : `${plain(key.expiresAt)}${isOver(key) ? " (over)" : ""}`),
      paint: (text, key) => (isOver(key) ? terminal.paint("red", text) : text),
    },
    { heading: "SCOPES", cell: ({ scopes }) => [...scopes].sort().join(" ") },
  ];
  terminal.show({ items: keys }, () => (keys.length > 0 ? tableOf(columns).lines(keys) : "There are none."));
  return exitCodes.done;
}

export interface RevokeKeyOptions extends TableOptions {
  readonly keyId: string;
  readonly tenant: string;
}

export async function revokeKey(options: RevokeKeyOptions, context: Context): Promise<number> {
  const { keyId, tenant } = options;
  const isRevoked = await onKeysTable(options, context, ({ register }) => register.revoke({ tenant, keyId }));
  if (!isRevoked) throw new CommandError(exitCodes.failure, "not_found", `${tenant} has no key ${keyId}.`);
  context.terminal.show(
    { keyId, tenant, revoked: true },
    () => `${plain(keyId)} is revoked; it stops working within a minute.`,
  );
  return exitCodes.done;
}
