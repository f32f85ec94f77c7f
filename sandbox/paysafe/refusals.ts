/** Refused refunds that Paysafe stores with an id all the same; nothing moved, so the ledger does not know them. */

import type { Answer, Call, World } from "../provider.ts";
import type { ErrorCode } from "./answers.ts";
import { errorOf, refusal } from "./answers.ts";
import { linksTo } from "./links.ts";

export interface RefusedRefund {
  readonly id: string;
  readonly merchantRefNum: string;
  readonly amount: number;
  readonly code: ErrorCode;
  readonly at: number;
}

/** Kept in memory: a restart forgets them. Older ones are forgotten, too. */
const KEPT_MAX = 10_000;

export class Refusals {
  readonly #world: World;
  #kept: RefusedRefund[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Stores the refusal and answers it: id, reference, error and links, without status, amount and time, as recorded. */
  answer(call: Call, { merchantRefNum, amount }: { merchantRefNum: string; amount: number }, code: ErrorCode): Answer {
    const refused = { id: this.#world.newId(), merchantRefNum, amount, code, at: this.#world.now() };
    this.#kept = [...this.#kept.slice(-KEPT_MAX), refused];
    const links = linksTo(call, `/refunds/${refused.id}`);
    return refusal(this.#world, code, (error) => ({ id: refused.id, merchantRefNum, error, links }));
  }

  /** Whether a reference is taken by one of them, by the switch. */
  takes(merchantRefNum: string): boolean {
    return (
      this.#world.switchValue("refused-reference") === "taken" &&
      this.#kept.some((each) => each.merchantRefNum === merchantRefNum)
    );
  }

  /** What lookups may see of them. */
  listed(): readonly RefusedRefund[] {
    return this.#world.switchValue("refused-refunds") === "listed" ? this.#kept : [];
  }
}

/** As a lookup shows it: inferred from the lookup of failed authorizations, whose sample has status, amount and error. */
export const showRefused = (call: Call, { id, merchantRefNum, amount, code, at }: RefusedRefund): object => ({
  links: linksTo(call, `/refunds/${id}`),
  id,
  merchantRefNum,
  txnTime: new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z"),
  error: errorOf(code),
  status: "FAILED",
  amount,
});
