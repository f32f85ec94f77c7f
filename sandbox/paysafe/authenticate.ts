/** Paysafe's checks before every call: key, account, media types (contract, section 2). */

import type { Answer, Call, World } from "../provider.ts";
import { failure } from "./answers.ts";
import { MAIN_ACCOUNT } from "./settlements.ts";

export const USERNAME = "moneyback";
export const PASSWORD = "sandbox-password";

/** Lets a call through to its handler only with the key, for the key's own account, and as JSON. */
export const guard =
  (world: World, handle: (world: World, call: Call) => Answer) =>
  (call: Call): Answer => {
    const { authorization, accept = "*/*" } = call.headers;
    if (!authorization) return failure(world, "5280");
    const credentials = /^Basic +(\S+)$/i.exec(authorization)?.[1] ?? "";
    if (Buffer.from(credentials, "base64").toString() !== `${USERNAME}:${PASSWORD}`) return failure(world, "5279");
    if (call.params["account"] !== MAIN_ACCOUNT) return failure(world, "5270");
    if (!/\*\/\*|application\/(json|\*)/i.test(accept)) return failure(world, "5271");
    const type = call.headers["content-type"] ?? "";
    if (call.method !== "GET" && !/^application\/json\b/i.test(type)) return failure(world, "5272");
    return handle(world, call);
  };
