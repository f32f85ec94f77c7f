/** The sandbox's stand-ins without HTTP, files and a clock of their own: each exchange is one synchronous call. */
import type { HttpRequest } from "../../lib/providers/http.ts";
import { dispatch, type Incoming, type Mount } from "../../sandbox/dispatch.ts";
import type { FaultName } from "../../sandbox/faults.ts";
import { openMemoryJournal } from "../../sandbox/journal.ts";
import type { Movement } from "../../sandbox/movement.ts";
import { providers } from "../../sandbox/providers.ts";
import { findRoute } from "../../sandbox/routing.ts";
import { openStage } from "../../sandbox/stage.ts";
import { offers, spentBefore } from "./offers.ts";
import { baseUrlOf, connections, providersHost as host, ownIds, receiverOf } from "./simulated-connections.ts";

/** Faults of the wire and of webhooks: whoever carries requests and webhooks makes these happen. */
const carried: ReadonlySet<FaultName> = new Set<FaultName>([
  "timeout-before",
  "timeout-after",
  "reset-before",
  "reset-after",
  "slow",
  "duplicate-webhook",
  "webhook-first",
]);

export interface SimulatedProviders {
  /** The connections' entries, as the sandbox gives them and some more, with addresses that only this object knows. */
  readonly connections: typeof connections;
  /** Orders that the seeds can pay. */
  readonly offers: typeof offers;
  /** Carries a request out, now: what the provider does, and what it answers. Throws where the fault cannot strike it. */
  exchange(request: HttpRequest, fault?: FaultName): Answered;
  /** The faults that can strike this request; none of the wire, none of webhooks. */
  faultsFor(request: HttpRequest): readonly FaultName[];
  /** Everything that really moved since the simulation began, oldest first: the truth. */
  movements(): readonly Movement[];
  /** What the providers would send by themselves, since the last time this was asked, in order. */
  webhooks(): readonly Webhook[];
  /** Turns one of a provider's switches, e.g. Mircate's `list-lag-ms`. */
  turn(provider: string, name: string, value: string | number): void;
}

export interface Webhook {
  /** The id of the connection that it is meant for. */
  readonly connection: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** The sandbox's name of what was asked for; `unknown` where no route is. */
  readonly operation: string;
  /** What this request moved. */
  readonly moved: readonly Movement[];
}

export interface SimulationOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDs. */
  readonly newId: () => string;
  /** Ids of the connections that webhooks go to, one a provider. Absent: the sandbox's own. */
  readonly toldByWebhook?: readonly string[];
}

/** Whom a request is for, and what it asks. */
interface Addressed {
  readonly mount: Mount;
  readonly incoming: Incoming;
  readonly operation: string;
  readonly strikable: readonly FaultName[];
}

/** Fresh providers on their seeds. */
export function openSimulatedProviders({ now, newId, toldByWebhook = ownIds }: SimulationOptions): SimulatedProviders {
  const { controls, mount: mountOf, outbox } = openStage(openMemoryJournal(), now, newId, baseUrlOf);
  const { ledger, faults, switchboard, receivers } = controls;
  ledger.record(spentBefore);
  outbox.clear();
  const begin = ledger.movements().length;
  const movements = () => ledger.movements().slice(begin);
  const addressees = new Map(toldByWebhook.map((id) => [receiverOf(id).url, id]));
  for (const id of toldByWebhook) receivers.save(receiverOf(id));
  const addressed = new WeakMap<HttpRequest, Addressed>();
  let mail: Webhook[] = [];

  function find(request: HttpRequest): Addressed {
    const known = addressed.get(request);
    if (known) return known;
    const { host: asked, pathname, search } = new URL(request.url);
    const [, id = ""] = pathname.split("/");
    const mount = mountOf(id);
    if (asked !== host || !mount) throw new Error(`nobody is at ${request.url}`);
    const { provider, desk } = mount;
    const { method, body: text = "" } = request;
    const headers = { ...inLowerCase(request.headers), host };
    const incoming = { method, path: pathname.slice(id.length + 1), search, headers, text };
    const { route } = findRoute(desk.routes, { ...incoming, ignoresCase: provider.ignoresCase });
    const operation = route?.operation ?? "unknown";
    const strikable = (provider.operations[operation] ?? []).filter((fault) => !carried.has(fault));
    const found = { mount, incoming, operation, strikable };
    addressed.set(request, found);
    return found;
  }

  /** At once after each change, so that what happened first is told first. */
  function collectMail(): void {
    for (const { receiver, webhook } of outbox.take()) {
      const { headers, body } = webhook.write({ receiver, number: 1, now: now() });
      const connection = addressees.get(receiver.url) ?? "";
      mail.push({ connection, url: receiver.url, headers: inLowerCase(headers), body: Buffer.from(body) });
    }
  }

  return {
    connections,
    offers,
    movements,
    faultsFor: (request) => find(request).strikable,

    exchange(request, fault) {
      const { mount, incoming, operation, strikable } = find(request);
      const { id } = mount.provider;
      if (fault !== undefined) {
        if (!strikable.includes(fault)) throw new Error(`${fault} cannot strike ${operation} at ${id}`);
        faults.arm({ provider: id, operation, fault, times: 1 });
      }
      const before = movements().length;
      collectMail();
      const { delivery, record } = dispatch(mount, incoming);
      // One that did not strike (the call was one too many, say) must not wait for the next.
      faults.clear();
      if (delivery.kind !== "answer") throw new Error(`${delivery.kind} is for the wire to do`);
      collectMail();
      record.status = delivery.answer.status;
      const { status, body } = delivery.answer;
      return { status, text: body, operation, moved: movements().slice(before) };
    },

    webhooks() {
      ledger.ripen();
      collectMail();
      const sent = mail;
      mail = [];
      return sent;
    },

    turn(provider, name, value) {
      const owner = providers.find(({ id }) => id === provider);
      if (!owner) throw new Error(`no provider ${provider}`);
      switchboard.set(owner, name, value);
    },
  };
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
