/** All that the bench measures, as its JSON has it. A section that was not asked for is absent. */
import type { AcceptRate } from "./accept-rate.ts";
import type { KilledBatch } from "./batch-killed.ts";
import type { BatchRow } from "./batch-row.ts";
import type { BatchWeight } from "./batch-sizes.ts";
import type { Growth } from "./growth.ts";
import type { HandlerFigures } from "./handlers.ts";
import type { HotMerchant } from "./hot-merchant.ts";
import type { KindFigures } from "./kind-figures.ts";
import type { Memory } from "./memory.ts";
import type { Overheads } from "./overhead.ts";

export interface Figures {
  readonly spendback: KindFigures;
  readonly refund: KindFigures;
  readonly cashback: KindFigures;
  readonly batchRow: BatchRow;
  /** What our own time is compared with. */
  readonly references: Overheads["references"];
  readonly handlers: readonly HandlerFigures[];
  readonly acceptRate: readonly AcceptRate[];
  readonly growth: Growth;
  readonly memory: Memory;
  readonly hotMerchant: HotMerchant;
  readonly batchWeights: readonly BatchWeight[];
  /** Only where it is asked for. */
  readonly batchKilled: KilledBatch;
}
