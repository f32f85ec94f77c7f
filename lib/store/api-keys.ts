/** API keys: kept as a hash, so that a leaked table opens nothing. */
import { createHash } from "node:crypto";
import type { Scope } from "../domain/scopes.ts";

/** What is known of a key once its hash was found. */
export interface ApiKey {
  /** Names the key in logs and in a transaction's log; says nothing about the secret. */
  readonly keyId: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601; absent: the key does not expire. */
  readonly expiresAt?: string;
}

export interface ApiKeyStore {
  /** The key's record, or undefined for a key that was never issued or was revoked. Expiry is the caller's to judge. */
  find(key: string): Promise<ApiKey | undefined>;
  /** Issues a key, or replaces what is known of it. */
  put(key: string, apiKey: ApiKey): Promise<void>;
}

/** What an operator does with keys, beside issuing them. Of all Lambdas one lists them, for the tenants that there are. */
export interface ApiKeyRegister {
  /** A tenant's keys, or all; in the order of their ids. Reads the whole table: it is small, and asked for seldom. */
  list(tenant?: string): Promise<ApiKey[]>;
  /** Ends a key; false where the tenant has no key of this id. An authorizer may remember it for its cache's minute. */
  revoke(key: Pick<ApiKey, "tenant" | "keyId">): Promise<boolean>;
}

/** The order in which keys are listed. */
export function byKeyId(one: ApiKey, other: ApiKey): number {
  return one.keyId < other.keyId ? -1 : 1;
}

/**
 * SHA-256 in hex. A plain hash is enough: keys are 256 random bits, so there is no dictionary to try. (A chosen local
 * key such as `mbk_local` opens only a local stack.)
 */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
