/** What an API key may do. */

export const scopes = [
  "transactions:read",
  "transactions:write",
  "batches:write",
  "balances:read",
  "transactions:resolve",
  "webhooks:write",
] as const;

export type Scope = (typeof scopes)[number];
