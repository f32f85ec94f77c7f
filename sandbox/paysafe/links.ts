/** Paysafe's `links`: where a resource lies, on the address that the caller used. */

import type { Call } from "../provider.ts";

export interface Link {
  readonly rel: string;
  readonly href: string;
}

/** Host and account, as a call names them. */
export type Address = Pick<Call, "headers" | "params">;

export const linksTo = (call: Address, path: string): Link[] => [linkTo(call, path)];

/** `path` below the account. */
export const linkTo = ({ headers, params }: Address, path: string, rel = "self"): Link => ({
  rel,
  href: `http://${headers.host ?? "127.0.0.1"}/paysafe/cardpayments/v1/accounts/${params["account"] ?? ""}${path}`,
});
