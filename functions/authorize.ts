/** The Lambda authorizer: turns an API key into its tenant and scopes. */
import type { APIGatewayRequestAuthorizerEventV2, Context } from "aws-lambda";
import { spentOn } from "../lib/lambda/call-meter.ts";
import { apiKeyStore, once } from "../lib/lambda/dependencies.ts";
import type { Caller } from "../lib/lambda/endpoint.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { memoryOf, metered } from "../lib/lambda/meter.ts";
import type { ApiKey, ApiKeyStore } from "../lib/store/api-keys.ts";

/** A revoked key stops working within this time; without the cache every call would read the table. */
const cachedForMs = 60_000;
const cachedMax = 1_000;

export interface Verdict {
  readonly isAuthorized: boolean;
  readonly context: Caller;
}

/**
 * Always lets the call through, with what is known of the caller: a gateway's own refusal is a bare 403, while an endpoint
 * that finds no tenant answers 401 with a problem document. No endpoint with a scope runs without a tenant.
 */
export async function run(
  header: string | undefined,
  { apiKeys, now }: { readonly apiKeys: ApiKeyStore; readonly now: () => Date },
): Promise<Verdict> {
  const key = /^Bearer\s+(mbk_[\x21-\x7e]{1,200})$/i.exec(header?.trim() ?? "")?.[1];
  const found = key ? await apiKeys.find(key) : undefined;
  if (!found || (found.expiresAt && found.expiresAt <= now().toISOString())) return { isAuthorized: true, context: {} };
  return { isAuthorized: true, context: { tenant: found.tenant, keyId: found.keyId, scopes: found.scopes.join(" ") } };
}

/** Remembers keys that were found. Unknown ones are looked up each time, so that guessing cannot fill the cache. */
export function cachedKeys(store: ApiKeyStore, now: () => Date): ApiKeyStore {
  const cache = new Map<string, { apiKey: ApiKey; until: number }>();
  return {
    async find(key) {
      const hit = cache.get(key);
      if (hit && hit.until > now().getTime()) return hit.apiKey;
      const apiKey = await store.find(key);
      if (cache.size >= cachedMax) cache.clear();
      if (apiKey) cache.set(key, { apiKey, until: now().getTime() + cachedForMs });
      else cache.delete(key);
      return apiKey;
    },
    put: (key, apiKey) => store.put(key, apiKey),
  };
}

const now = () => new Date();
const shared = once(() => ({ apiKeys: cachedKeys(apiKeyStore(), now), now }));

export async function handler(event: APIGatewayRequestAuthorizerEventV2, context: Context): Promise<Verdict> {
  try {
    return await metered({ now, own: { lambdaCalls: 1 }, memoryMb: memoryOf(context) }, async (meter) => {
      const verdict = await run(event.headers?.["authorization"], shared());
      const spent = spentOn(event.requestContext.requestId, meter.take(0, false).spent);
      return { ...verdict, context: { ...verdict.context, spent } };
    });
  } catch (error) {
    log("error", "authorizer", { requestId: event.requestContext.requestId, ...errorFields(error) });
    // The gateway answers 500: "try again", not "your key is wrong".
    throw new Error("the authorizer failed");
  }
}
