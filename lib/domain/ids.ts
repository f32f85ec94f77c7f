/** Ids and fingerprints: derived, never drawn, so that a repeat finds what the first call made. */
import { createHash } from "node:crypto";

/** Crockford's alphabet: no letter that reads as a digit, and only characters that every provider takes in a reference. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 26 characters of five bits: 130 bits, so two keys never meet. With its prefix 30 characters; providers allow 50 or more. */
const idLength = 26;

/**
 * The id of the transaction that a tenant's key stands for: `txn_` and 26 characters. The same three words always give
 * the same id, which is what makes a repeat harmless even after its idempotency record expired.
 */
export function transactionId(tenant: string, operation: string, key: string): string {
  return derivedId("txn", tenant, operation, key);
}

/**
 * The id of a later try under the same key, counted from 1, made where the one before has definitely failed. Derived like the
 * first one's: of two that try again at once, both make the same. 0 is the key's own transaction.
 */
export function tryId(tenant: string, operation: string, key: string, generation: number): string {
  return transactionId(tenant, generation === 0 ? operation : `${operation}:retry:${generation}`, key);
}

/** The id of the accrual that a tenant's key stands for. The key's scope is that of cashbacks paid at once. */
export function accrualId(tenant: string, key: string): string {
  return derivedId("acc", tenant, "cashback", key);
}

/** The only transaction that a payout of accruals can ever have. */
export function payoutTransactionId(tenant: string, payout: string): string {
  return transactionId(tenant, "cashback:payout", payout);
}

/** An id of any kind: the prefix, `_`, and 26 characters that stand for the words. */
export function derivedId(prefix: string, ...words: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(words)).digest();
  let bits = BigInt(`0x${hash.toString("hex")}`);
  let text = "";
  for (let place = 0; place < idLength; place++) {
    text += alphabet.charAt(Number(bits & 31n));
    bits >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** A number below 32 that is as random as the id: spreads ids evenly over 2, 4, 8, 16 or 32 places. */
export function spreadOf(id: string): number {
  return Math.max(0, alphabet.indexOf(id.charAt(id.length - 1)));
}

/** The id of a claim: like the transaction's it is derived, so that one tenant's key can never meet another tenant's. */
export function claimId(tenant: string, operation: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([tenant, operation, key]))
    .digest("base64url");
}

/** SHA-256 of a request in canonical form (keys sorted), base64url: the same wish gives the same 43 characters. */
export function fingerprint(request: unknown): string {
  return createHash("sha256").update(canonicalJson(request)).digest("base64url");
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
