/** Sets the providers up on one ledger, with their faults, switches and request log, and takes them back to the seeds. */

import type { Entry } from "./book.ts";
import type { Controls } from "./control.ts";
import type { Mount } from "./dispatch.ts";
import { FaultQueue } from "./faults.ts";
import type { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import type { Provider } from "./provider.ts";
import { providers } from "./providers.ts";
import { RequestLog } from "./requests.ts";
import { Switchboard } from "./switches.ts";

export interface Stage {
  readonly controls: Controls;
  /** The provider with this id; undefined where there is none. */
  mount(id: string): Mount | undefined;
}

export const openStage = (journal: Journal<Entry>, now: () => number): Stage => {
  const ledger = new Ledger(journal, now);
  const faults = new FaultQueue();
  const requests = new RequestLog();
  const switchboard = new Switchboard();
  const mounts = new Map<string, Mount>();
  const open = (): void => {
    for (const provider of providers) {
      ledger.seed(provider.id, provider.seeds);
      const world = { ledger, now, switchValue: (name: string) => switchboard.value(provider, name) };
      const isTooFast = countCalls(provider, switchboard, now);
      mounts.set(provider.id, { provider, desk: provider.open(world), faults, requests, isTooFast, now });
    }
  };
  const reset = (): void => {
    ledger.clear();
    faults.clear();
    requests.clear();
    switchboard.clear();
    open();
  };
  open();
  return { controls: { providers, ledger, faults, requests, switchboard, reset }, mount: (id) => mounts.get(id) };
};

/** Counts a provider's calls of the last second against its `rate-limit` switch. */
const countCalls = (provider: Provider, switchboard: Switchboard, now: () => number): (() => boolean) => {
  let recent: number[] = [];
  return () => {
    const limit = switchboard.value(provider, "rate-limit");
    if (typeof limit !== "number") return false;
    recent = recent.filter((at) => at > now() - 1_000);
    if (recent.length >= limit) return true;
    recent.push(now());
    return false;
  };
};
