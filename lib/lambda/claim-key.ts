/** Claims the idempotency key of a call that changes something other than a transaction. */
import { claimId, fingerprint } from "../domain/ids.ts";
import type { ClaimStore } from "../store/port.ts";
import { reused } from "./accept.ts";

export interface KeyedCall {
  readonly tenant: string;
  /** Scopes the key. */
  readonly operation: string;
  readonly key: string;
  /** What is compared when the key comes again. */
  readonly request: unknown;
}

export interface KeyClaim {
  /** Names the call in what it makes, so that a repeat is known by it. The key itself is not kept. */
  readonly id: string;
  /** Of the request. */
  readonly fingerprint: string;
  /** Whether a call with this key was here before; it may have died before it did anything. */
  readonly isRepeat: boolean;
}

/** @throws VisibleError idempotency_key_reused when the key stands for another request */
export async function claimKey(
  { tenant, operation, key, request }: KeyedCall,
  { claims, now }: { readonly claims: ClaimStore; readonly now: () => Date },
): Promise<KeyClaim> {
  const id = claimId(tenant, operation, key);
  const print = fingerprint(request);
  const claim = await claims.claim(id, print, now());
  if (!claim.claimed && claim.fingerprint !== print) throw reused();
  return { id, fingerprint: print, isRepeat: !claim.claimed };
}
