/** Finds beneficiaries' wallets, and guesses which one a guide-form spendback debits. */

import type { Account } from "../account.ts";
import type { Ledger } from "../ledger.ts";
import type { Answer, World } from "../provider.ts";
import { codes, failure } from "./envelope.ts";
import type { Session } from "./token.ts";

export const PROVIDER = "ipayout";

/** Balance reads that are remembered; older ones belong to flows that have ended. */
const READS_MAX = 10_000;

/** The payer of a guide-form spendback when nothing points at another. */
const DEFAULT_WALLET = "ben-alice";

export const findByToken = (ledger: Ledger, token: string): Account | undefined =>
  ledger.accounts(PROVIDER).find(({ account }) => account.toLowerCase() === token.toLowerCase());

export const findByUsername = (ledger: Ledger, username: string): Account | undefined =>
  ledger.accounts(PROVIDER).find((each) => each.username?.toLowerCase() === username.toLowerCase());

export const accountNotFound = (): Answer => failure(codes.accountNotFound, "Account not found");

export const userNotFound = (): Answer => failure(codes.userNotFound, "User not found");

/** The failure of a wallet that may not pay. Its code is not documented: the switch `inactive-code` gives it. */
export const refuseInactive = ({ switchValue }: World, { status }: Account): Answer | undefined =>
  status === "open" ? undefined : failure(Number(switchValue("inactive-code")), `Account is ${status}`);

interface Read extends Session {
  readonly account: string;
  readonly currency: string;
}

/**
 * An inference, not a documented rule: the guide's spendback names no payer, but its workflow is "balance, then
 * spendback". So it debits the wallet whose balance was last read in that currency with the same bearer token and that
 * no other guide-form spendback has used yet; else the wallet that the same reference debited before; else `ben-alice`.
 * Reads are kept in memory: a restart between the balance and the spendback forgets them.
 */
export class OpenReads {
  #reads: Read[] = [];

  add(read: Read): void {
    this.#reads.push(read);
    if (this.#reads.length > READS_MAX) this.#reads.shift();
  }

  /** Uses the read up. */
  takePayer(
    ledger: Ledger,
    { tokenId }: Session,
    { reference, currency }: { reference: string; currency: string },
  ): string {
    const index = this.#reads.findLastIndex((each) => each.tokenId === tokenId && each.currency === currency);
    const [read] = index === -1 ? [] : this.#reads.splice(index, 1);
    if (read) return read.account;
    const earlier = ledger
      .movements({ provider: PROVIDER, reference })
      .find(({ operation }) => operation === "spendback");
    return earlier?.account ?? DEFAULT_WALLET;
  }
}
