/** What can be different in a run than its seed says. */
import type { Dependencies } from "./dependencies.ts";
import type { FaultName } from "./fault-names.ts";
import type { CrashPoint } from "./invocation.ts";
import type { WireFault } from "./network.ts";
import type { Pace } from "./scheduler.ts";
import type { Stores } from "./simulated-stores.ts";
import type { Workload } from "./workload.ts";

export interface Options {
  /** Ordinals of faults that do not strike. */
  readonly faultsOff?: ReadonlySet<number>;
  /** Places of actions that are not taken. */
  readonly actionsOff?: ReadonlySet<number>;
  /** Other luck with the same workload and the same kinds of faults. Absent: the seed's own. */
  readonly luck?: number;
  readonly isTraced?: boolean;
  /** Instead of what the seed would draw. */
  readonly rates?: Partial<Record<FaultName, number>>;
  readonly workload?: Workload;
  readonly pace?: Pace;
  readonly crash?: CrashPoint;
  /** What is to happen to the first request that moves money. */
  readonly firstSend?: WireFault;
  /** Breaks the product, to see that it is noticed: what its functions are given, or what they say. */
  readonly sabotage?: Sabotage;
}

export interface Sabotage {
  readonly stores?: (stores: Stores) => Stores;
  readonly dependencies?: (dependencies: Dependencies) => Dependencies;
}
