/** What the demo calls: the API as a customer would, and the sandbox's book of what really happened. */
import type { Stack } from "./stack.ts";
import { localApiKey } from "./stack.ts";

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly failure?: { readonly code: string };
  readonly log: readonly { readonly status: string; readonly detail?: string }[];
}

export interface Movement {
  readonly reference: string;
  readonly amount: { readonly value: number; readonly currency: string };
}

export interface Received {
  readonly operation: string;
  readonly reference?: string;
  readonly status: number | string;
}

export function demoClient({ apiUrl, sandboxUrl }: Stack) {
  const headers = { authorization: `Bearer ${localApiKey}`, "content-type": "application/json" };
  const read = async <T>(url: string): Promise<T> => (await fetch(url, { headers })).json() as Promise<T>;
  return {
    /** Sends an order and waits for its outcome. */
    async order(kind: string, key: string, body: object) {
      const response = await fetch(`${apiUrl}/v1/${kind}s`, {
        method: "POST",
        headers: { ...headers, "idempotency-key": key, prefer: "wait=20" },
        body: JSON.stringify(body),
      });
      const isReplay = response.headers.get("idempotent-replayed") === "true";
      return { httpStatus: response.status, isReplay, transaction: (await response.json()) as Shown };
    },

    spendback(key: string, body: object) {
      return this.order("spendback", key, body);
    },

    async balance(connection: string, account: string, currency: string): Promise<number> {
      const query = new URLSearchParams({ connection, account, currency });
      const { available } = await read<{ available: { value: number } }>(`${apiUrl}/v1/balances?${query}`);
      return available.value;
    },

    /** The connections that can be called. */
    async connections() {
      const health = await read<{ connections: { id: string; provider: string; status: string }[] }>(
        `${apiUrl}/v1/health`,
      );
      return health.connections.filter(({ status }) => status === "configured");
    },

    /** Every movement that really happened at the provider under one reference. */
    async movements(reference: string): Promise<readonly Movement[]> {
      return (await read<{ movements: Movement[] }>(`${sandboxUrl}/_sandbox/ledger?reference=${reference}`)).movements;
    },

    /** Every movement that really happened at a provider. */
    async movementsOf(provider: string): Promise<readonly Movement[]> {
      return (await read<{ movements: Movement[] }>(`${sandboxUrl}/_sandbox/ledger?provider=${provider}`)).movements;
    },

    /** The calls that the provider has received since `forgetRequests`, in order. */
    async requests(): Promise<readonly Received[]> {
      return (await read<{ requests: Received[] }>(`${sandboxUrl}/_sandbox/requests`)).requests;
    },

    async forgetRequests(): Promise<void> {
      await fetch(`${sandboxUrl}/_sandbox/requests`, { method: "DELETE" });
    },

    async arm(fault: object): Promise<void> {
      await fetch(`${sandboxUrl}/_sandbox/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
    },
  };
}

export type DemoClient = ReturnType<typeof demoClient>;
