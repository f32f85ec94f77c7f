/** What lies outside of a simulated process: everything that its calls reach. */
import type { FlowInput } from "../../lib/flow/starter.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import type { Effect } from "./invocation.ts";
import type { Network } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Stores } from "./simulated-stores.ts";

/** A call that leaves a process, as a step that it may die at. */
export type Step = <Result>(label: string, kind: Effect, effect: () => Promise<Result>) => Promise<Result>;

export interface Outside {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly stores: Stores;
  readonly network: Network;
  readonly begin: (input: FlowInput) => void;
  /** Takes what is said on the bus. @throws BusUnavailableError */
  readonly publish: (events: readonly BusEvent[]) => void;
  /** The connections' entries, by id. */
  readonly entries: ReadonlyMap<string, object>;
  readonly newId: () => string;
}
