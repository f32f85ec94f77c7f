/** What the gate's tests stand on: gates that share a store, before a provider that answers as the test says. */
import { gated } from "../../lib/lambda/gate.ts";
import type { Exchange, HttpRequest } from "../../lib/providers/http.ts";
import type { ConnectionStateStore } from "../../lib/store/connection-states.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { configured, scriptedConnector } from "../functions/scripted-connector.ts";
import { virtualClock } from "./virtual-clock.ts";

export const ok: Exchange = { kind: "answered", status: 200, text: "{}" };
export const down: Exchange = { kind: "answered", status: 503, text: "" };

const request: HttpRequest = { method: "POST", url: "http://provider.example/pay", headers: {}, timeoutMs: 15_000 };

export interface GateScript {
  readonly requestsPerSecond?: number;
  /** What the provider answers to a request that arrives `ms` after the start. */
  readonly answer?: (ms: number) => Exchange | Promise<Exchange>;
  /** What the store does otherwise than one in memory. */
  readonly states?: Partial<ConnectionStateStore>;
}

/** Every call to the store fails. */
export const brokenStates: ConnectionStateStore = (() => {
  const fails = async (): Promise<never> => {
    throw new Error("the store is down");
  };
  return { get: fails, takeSlot: fails, fail: fails, open: fails, probe: fails, recover: fails };
})();

export function gateStage({ requestsPerSecond, answer = () => ok, states: otherwise }: GateScript = {}) {
  const clock = virtualClock();
  const start = clock.now().getTime();
  const passed = () => clock.now().getTime() - start;
  const memory = memoryConnectionStates();
  const calls: string[] = [];
  const states = counted({ ...memory, ...otherwise }, calls);
  const sentAt: number[] = [];
  const { config } = configured(scriptedConnector().connector);

  /** A gate as another Lambda would have it. */
  const gate = () => {
    const outsideOf = gated(
      async () => {
        sentAt.push(passed());
        return answer(passed());
      },
      { states, now: clock.now, sleep: clock.sleep },
    );
    const { http, reserve } = outsideOf({ ...config, ...(requestsPerSecond !== undefined && { requestsPerSecond }) });
    if (!reserve) throw new Error("the gate reserves nothing");
    return { send: () => http(request), reserve };
  };

  return {
    clock,
    passed,
    states,
    gate,
    /** When each request reached the provider, in milliseconds since the start. */
    sentAt,
    /** The store's calls, by name. */
    calls,
    /** Lets time pass until so many milliseconds after the start. */
    until(ms: number): void {
      clock.advance(ms - passed());
    },
    run: () => memory.get(config.id),
  };
}

export type GateStage = ReturnType<typeof gateStage>;

/** Opens the breaker: five failures, a second apart. It ends four seconds after `passed`. */
export async function openBreaker({ clock, gate }: GateStage): Promise<void> {
  const { send } = gate();
  for (let n = 0; n < 5; n++) {
    if (n > 0) clock.advance(1_000);
    await send();
  }
}

function counted(states: ConnectionStateStore, calls: string[]): ConnectionStateStore {
  const noted =
    <Asked extends unknown[], Answer>(name: string, call: (...asked: Asked) => Promise<Answer>) =>
    (...asked: Asked): Promise<Answer> => {
      calls.push(name);
      return call(...asked);
    };
  return {
    get: noted("get", states.get),
    takeSlot: noted("takeSlot", states.takeSlot),
    fail: noted("fail", states.fail),
    open: noted("open", states.open),
    probe: noted("probe", states.probe),
    recover: noted("recover", states.recover),
  };
}
