/** A sandbox with one provider's controls at hand, for the connector suites. It ends with the test. */
import { afterEach } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/server.ts";

const opened: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close();
});

/** A movement as the sandbox's ledger tells it. */
export interface Movement {
  readonly status: string;
  readonly account: string;
  readonly amount: { readonly value: number; readonly currency: string };
}

export interface SandboxRig {
  /** The provider's base URL. */
  readonly baseUrl: string;
  readonly truth: {
    readonly movements: (order: { readonly reference: string }) => Promise<readonly Movement[]>;
    readonly calls: (operation: string) => Promise<number>;
  };
  /** The next call of the operation meets the fault. */
  readonly arm: (operation: string, fault: string, options?: Readonly<Record<string, number>>) => Promise<void>;
  readonly turn: (name: string, value: string | number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startSandboxRig(provider: string): Promise<SandboxRig> {
  const sandbox = await startSandbox({ port: 0 });
  opened.push(sandbox);

  async function control<Answer>(path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
      // Or the connector under test would get this connection from the pool, alive or dead.
      headers: { connection: "close" },
      ...(body && { method: "POST", body: JSON.stringify({ provider, ...body }) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`/_sandbox/${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }

  return {
    baseUrl: `${sandbox.url}/${provider}`,
    arm: (operation, fault, options) => control("faults", { operation, fault, ...options }),
    turn: (name, value) => control("switches", { switch: name, value }),
    stop: async () => {
      opened.splice(opened.indexOf(sandbox), 1);
      await sandbox.close();
    },
    truth: {
      movements: async ({ reference }) => {
        const query = new URLSearchParams({ provider, reference });
        return (await control<{ movements: readonly Movement[] }>(`ledger?${query}`)).movements;
      },
      calls: async (operation) => {
        const query = new URLSearchParams({ provider });
        const { requests } = await control<{ requests: { operation: string }[] }>(`requests?${query}`);
        return requests.filter((request) => request.operation === operation).length;
      },
    },
  };
}
