/** A row's key, where it could also stand for something that is no transaction: a cashback's may stand for an accrual. */
import { accrualId, claimId } from "../domain/ids.ts";
import type { Kind } from "../domain/transaction.ts";
import type { AccrualStore } from "../store/accruals.ts";
import type { ClaimStore } from "../store/port.ts";
import { operationOf } from "./accept.ts";

export interface RowClaimDependencies {
  readonly claims: ClaimStore;
  readonly accruals: Pick<AccrualStore, "get">;
  readonly now: () => Date;
}

export interface RowClaim {
  readonly tenant: string;
  readonly kind: Kind;
  readonly key: string;
  /** Of the row's request. */
  readonly fingerprint: string;
}

/**
 * Whether the key is free for the row, or the row's already. Of two things that lie in two tables no one write can say that
 * the other is not there; so whoever makes either of them first claims the key, as the calls do, and then looks for the other.
 */
export async function claimForRow(
  { tenant, kind, key, fingerprint }: RowClaim,
  { claims, accruals, now }: RowClaimDependencies,
): Promise<boolean> {
  if (kind !== "cashback") return true;
  const claim = await claims.claim(claimId(tenant, operationOf.cashback, key), fingerprint, now());
  if (!claim.claimed && claim.fingerprint !== fingerprint) return false;
  return (await accruals.get(accrualId(tenant, key))) === undefined;
}
