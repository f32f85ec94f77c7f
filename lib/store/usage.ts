/** What the rest of the product asks of the store of usage: one record for each tenant and month. */
import type { MonthUsage } from "../domain/usage.ts";

export interface UsageStore {
  /** As far as it was counted; undefined where nobody has begun. Consistent. */
  get(tenant: string, month: string): Promise<MonthUsage | undefined>;
  /**
   * Stores what was made of the record that was read (or of none, at revision 0), with its revision one higher, unless another
   * change came between; then undefined.
   */
  replace(next: MonthUsage): Promise<MonthUsage | undefined>;
}
