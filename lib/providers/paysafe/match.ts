/** Whether a refund that Paysafe shows is the one that we ordered: reference, amount, and who pays how much of it. */
import { percentHundredths, type Share } from "../../domain/splits.ts";
import type { RefundOrder } from "../port.ts";
import type { FoundShare, Refund } from "./wire.ts";

/** A hundred per cent, in hundredths of a per cent. */
const whole = 10_000n;

/**
 * What differs, in words; undefined where it is ours. A refund names neither its settlement nor its currency, so these cannot
 * be compared. One that moved nothing may come without amount and shares (recorded: contract, section 8).
 */
export function differenceFrom({ reference, amount, splits }: RefundOrder, refund: Refund): string | undefined {
  if (refund.merchantRefNum !== reference) return `another reference: ${refund.merchantRefNum ?? "none"}`;
  const movedNothing = isFailed(refund) || refund.status === "CANCELLED";
  if (refund.amount === undefined || refund.amount === null) {
    if (!movedNothing) return "no amount";
  } else if (Number(refund.amount) !== amount.value) return `another amount: ${refund.amount}`;
  const found = refund.splitpay ?? [];
  if (found.length === 0 && movedNothing) return undefined;
  return areShares(found, splits, amount.value) ? undefined : "other shares";
}

export function isFailed({ status, error }: Refund): boolean {
  return status === "FAILED" || ((status === undefined || status === null) && error !== undefined && error !== null);
}

function areShares(found: readonly FoundShare[], splits: readonly Share[], total: number): boolean {
  if (found.length !== splits.length) return false;
  return splits.every((share) => {
    const [twin, second] = found.filter(({ linkedAccount }) => linkedAccount === share.linkedAccount);
    return twin !== undefined && second === undefined && isShare(twin, share, total);
  });
}

function isShare(found: FoundShare, { percent, amount }: Share, total: number): boolean {
  if (percent === undefined) return !found.percent && found.amount === `${amount}`;
  const hundredths = percentHundredths(percent);
  if (
    hundredths === undefined ||
    (found.percent && percentHundredths(withoutIdleZeros(found.percent)) !== hundredths)
  ) {
    return false;
  }
  if (!found.amount) return Boolean(found.percent);
  // Paysafe's example (5.75 % of 10098 is 581) leaves open how a half is rounded: whatever is less than one unit off is the share.
  const off = BigInt(found.amount) * whole - BigInt(total) * BigInt(hundredths);
  return off < whole && off > -whole;
}

function withoutIdleZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
