/** Calls a stack's API and its sandbox, as the tests of the whole need it; and holds each answer of the API against its description. */
import type { Stack } from "../../local/stack.ts";
import { disagreements } from "../openapi/agreement.ts";

export interface TransactionBody {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly nextActionAt?: string;
  readonly providerTransactionId?: string;
  readonly failure?: { readonly code: string };
  readonly log: readonly {
    readonly status: string;
    readonly by: string;
    readonly detail?: string;
    readonly count?: number;
  }[];
}

export interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ReceivedCall {
  readonly operation: string;
  readonly status: number | string;
  readonly reference?: string;
}

type Addresses = Pick<Stack, "apiUrl" | "sandboxUrl">;

export function apiClient({ apiUrl, sandboxUrl }: Addresses) {
  const call = async <Body>(url: string, init: RequestInit = {}): Promise<Reply<Body>> => {
    const response = await fetch(url, init);
    const { status, headers } = response;
    const body: unknown = await response.json();
    const path = url.slice(apiUrl.length);
    const wrong = url.startsWith(apiUrl)
      ? disagreements({ method: init.method ?? "GET", path, status, headers, body })
      : [];
    if (wrong.length > 0) throw new Error(`not as described: ${wrong.join("; ")}`);
    return { status, headers, body: body as Body };
  };
  const authorized = { authorization: "Bearer mbk_local", "content-type": "application/json" };
  return {
    post: <Body = TransactionBody>(path: string, body: unknown, headers: Record<string, string> = {}) =>
      call<Body>(`${apiUrl}${path}`, {
        method: "POST",
        headers: { ...authorized, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    get: <Body = TransactionBody>(path: string, headers: Record<string, string> = authorized) =>
      call<Body>(`${apiUrl}${path}`, { headers }),
    spendback(key: string, order: object = {}, headers: Record<string, string> = {}) {
      return this.post("/v1/spendbacks", spendbackOrder(order), {
        "idempotency-key": key,
        prefer: "wait=15",
        ...headers,
      });
    },
    movements: async (reference: string) =>
      (
        await call<{ movements: { amount: { value: number; currency: string }; account: string }[] }>(
          `${sandboxUrl}/_sandbox/ledger?reference=${reference}`,
        )
      ).body.movements,
    received: async () => (await call<{ requests: ReceivedCall[] }>(`${sandboxUrl}/_sandbox/requests`)).body.requests,
    forgetReceived: async () => {
      await fetch(`${sandboxUrl}/_sandbox/requests`, { method: "DELETE" });
    },
    arm: async (fault: object) => {
      const { status } = await call(`${sandboxUrl}/_sandbox/faults`, {
        method: "POST",
        headers: authorized,
        body: JSON.stringify({ provider: "ipayout", times: 1, ...fault }),
      });
      if (status !== 201) throw new Error(`the sandbox refused the fault: ${status}`);
    },
    reset: async () => {
      await fetch(`${sandboxUrl}/_sandbox/reset`, { method: "POST", headers: authorized, body: "{}" });
    },
  };
}

export function spendbackOrder(order: object = {}) {
  return {
    connection: "ipayout",
    recipient: { id: "ben-alice" },
    amount: { value: 1_000, currency: "USD" },
    ...order,
  };
}

/** Looks again until it holds, within the test's own time limit: soon at first, then four times a second. */
export async function until<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    const value = await look();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
