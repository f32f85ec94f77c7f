/** An accrual: a cashback that waits for the next run of its connection's schedule, and is paid together with others. */
import * as z from "zod/mini";
import { derivedId } from "./ids.ts";
import { AmountItem } from "./transaction.ts";

/**
 * Where an accrual stands. That it is paid is its transaction's to tell, and not stored here:
 *
 *   waiting ─▶ assigned to a payout ─▶ (the transaction succeeds)
 *      │ ▲           │
 *      │ └───────────┘ the payout did not pay: revision + 1
 *      └─▶ canceled
 */
const states = ["waiting", "assigned", "canceled"] as const;

/** What is shown. An accrual whose transaction failed waits again, also before the next run has written that down. */
export const accrualStatuses = ["waiting", "paying", "paid", "canceled"] as const;
export type AccrualStatus = (typeof accrualStatuses)[number];

const text = z.string().check(z.minLength(1));

export const Sender = z.strictObject({ accountNumber: text, walletNumber: text });
export const Receiver = z.strictObject({ walletNumber: text });

/** As it is stored. Optional members are absent, never null. */
export const Accrual = z.object({
  id: text,
  tenant: text,
  connection: text,
  provider: text,
  sender: z.exactOptional(Sender),
  receiver: Receiver,
  amount: AmountItem,
  description: z.exactOptional(text),
  metadata: z.exactOptional(z.record(z.string(), z.string())),
  /** SHA-256 of the request: tells a repeat from a reused key after the idempotency record is gone. */
  fingerprint: text,
  state: z.enum(states),
  /** The payout that it is assigned to. */
  payout: z.exactOptional(text),
  /** How often it came back from a payout: whoever read it before that can do nothing with it any more. */
  revision: z.int(),
  createdAt: text,
  canceled: z.exactOptional(z.strictObject({ by: text, at: text })),
});
export type Accrual = z.infer<typeof Accrual>;

interface Grouped extends Pick<Accrual, "sender" | "receiver"> {
  readonly amount: { readonly currency: string };
}

/** What may be paid together: one sender to one receiver in one currency. What names no sender is a group of its own, whoever that is by then. */
export function groupOf({ sender, receiver, amount }: Grouped): string {
  const { accountNumber = "", walletNumber = "" } = sender ?? {};
  return derivedId("grp", accountNumber, walletNumber, receiver.walletNumber, amount.currency);
}
