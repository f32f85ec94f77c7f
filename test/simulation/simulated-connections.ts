/** The connections to the simulated providers: the sandbox's own, and the same with other settings. */
import { providers } from "../../sandbox/providers.ts";
import type { Receiver } from "../../sandbox/webhook.ts";

export type Entry = Readonly<Record<string, unknown>> & { readonly id: string; readonly provider: string };

/** Where the providers are, and where they send their webhooks to: nobody has these names (RFC 2606). */
export const providersHost = "providers.invalid";
const ourHost = "moneyback.invalid";

export function baseUrlOf(provider: string): string {
  return `https://${providersHost}/${provider}`;
}

const own: readonly Entry[] = providers.map(({ id, connection }) => {
  const baseUrl = baseUrlOf(id);
  return { id, provider: id, baseUrl, ...connection(baseUrl) };
});

const variants = [
  { id: "ipayout-openapi", of: "ipayout", settings: { profile: "openapi" } },
  { id: "nexio-refunds", of: "nexio", settings: { spendbackRefunds: { path: "/payout/v3/spendback/refund" } } },
];

export const connections: readonly Entry[] = [
  ...own,
  ...own.flatMap((entry) =>
    variants.filter(({ of }) => of === entry.id).map(({ id, settings }) => ({ ...entry, id, ...settings })),
  ),
];

/** The connections that webhooks go to, unless others are named. */
export const ownIds: readonly string[] = own.map(({ id }) => id);

/** How a provider tells a connection of ours; a provider has one receiver. */
export function receiverOf(connection: string): Receiver {
  const entry = connections.find(({ id }) => id === connection);
  if (!entry) throw new Error(`no connection ${connection}`);
  const secret = entry["webhookSecret"];
  const url = `https://${ourHost}/v1/webhooks/${connection}`;
  return { provider: entry.provider, url, ...(typeof secret === "string" && { secret }) };
}
