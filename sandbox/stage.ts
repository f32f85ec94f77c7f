/** Sets the providers up on one ledger, with their faults, switches and request log, and takes them back to the seeds. */

import { randomUUID } from "node:crypto";
import type { Entry } from "./book.ts";
import type { Controls } from "./control-route.ts";
import type { Mount } from "./dispatch.ts";
import { FaultQueue } from "./faults.ts";
import { Inbox } from "./inbox.ts";
import type { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { Outbox } from "./outbox.ts";
import { Postman } from "./postman.ts";
import type { Provider, World } from "./provider.ts";
import { providers } from "./providers.ts";
import { Receivers } from "./receivers.ts";
import { RequestLog } from "./requests.ts";
import { Switchboard } from "./switches.ts";

export interface Stage {
  readonly controls: Controls;
  /** The provider with this id; undefined where there is none. */
  mount(id: string): Mount | undefined;
  /** The webhooks that there are to send. Whoever serves the stage empties it after each call, and when plans ripen. */
  readonly outbox: Outbox;
}

export const openStage = (
  journal: Journal<Entry>,
  now: () => number,
  newId: () => string = randomUUID,
  baseUrlOf: (provider: string) => string = (provider) => `http://127.0.0.1/${provider}`,
): Stage => {
  const receivers = new Receivers(journal);
  const outbox = new Outbox(receivers, (id, movements, what) => {
    const provider = providers.find((each) => each.id === id);
    return provider?.webhooks?.tell(worldOf(provider), movements, what) ?? [];
  });
  const ledger = new Ledger(journal, now, (change) => outbox.add(change));
  const faults = new FaultQueue();
  const requests = new RequestLog();
  const switchboard = new Switchboard();
  const mounts = new Map<string, Mount>();
  const inbox = new Inbox(now);
  const postman = new Postman({
    now,
    pauseMs: (id) => {
      const provider = providers.find((each) => each.id === id);
      return provider ? Number(switchboard.value(provider, "webhook-retry-ms")) : 0;
    },
  });
  const worldOf = (provider: Provider): World => ({
    ledger,
    now,
    newId,
    switchValue: (name) => switchboard.value(provider, name),
    baseUrl: () => baseUrlOf(provider.id),
  });
  const open = (): void => {
    for (const provider of providers) {
      ledger.seed(provider.id, provider.seeds);
      const isTooFast = countCalls(provider, switchboard, now);
      mounts.set(provider.id, { provider, desk: provider.open(worldOf(provider)), faults, requests, isTooFast, now });
    }
  };
  const reset = (): void => {
    ledger.clear();
    receivers.rewrite();
    outbox.clear();
    postman.clear();
    inbox.clear();
    faults.clear();
    requests.clear();
    switchboard.clear();
    open();
  };
  open();
  return {
    controls: { providers, ledger, faults, requests, switchboard, receivers, postman, inbox, reset },
    mount: (id) => mounts.get(id),
    outbox,
  };
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
