/** Refunds against the sandbox's Mircate, sent as the flow sends them: what was there is noted first, and once. */
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { startSandboxRig } from "../sandbox-rig.ts";
import { type ConnectionOptions, connect, type Refunds } from "./sample-connection.ts";

export interface RefundMovement {
  readonly id: string;
  readonly status: string;
  readonly account: string;
  readonly original?: string;
  readonly amount: { readonly value: number; readonly currency: string };
}

export async function startMircate(options: ConnectionOptions = {}) {
  const sandbox = await startSandboxRig("mircate");
  const { baseUrl, truth } = sandbox;
  const refunds = connect(httpClient, { baseUrl, ...options });
  const notes = new Map<string, string>();

  async function prepare(order: RefundOrder): Promise<void> {
    if (notes.has(order.reference)) return;
    const note = await refunds.prepare(order, undefined);
    if (note.kind !== "read") throw new Error(`the note came to ${JSON.stringify(note)}`);
    notes.set(order.reference, note.value);
  }
  const noted = (order: RefundOrder): RefundOrder => {
    const snapshot = notes.get(order.reference);
    return { ...order, ...(snapshot !== undefined && { snapshot }) };
  };
  const withNotes = (calls: Refunds) => ({
    submit: (order: RefundOrder) => calls.submit(noted(order), undefined),
    lookUp: (order: RefundOrder) => calls.lookUp(noted(order), undefined),
  });

  return {
    ...sandbox,
    refunds,
    prepare,
    ...withNotes(refunds),
    over: (other: ConnectionOptions) => withNotes(connect(httpClient, { baseUrl, ...options, ...other })),
    /** What somebody else does at Mircate, without us. */
    post: async (method: string, body: object, key = "sandbox-api-key") => {
      const tail = method === "listTransactions" ? "sandbox-project" : "sandbox-project-sandbox-account";
      const response = await fetch(`${baseUrl}/CALL/WalletAPI/${method}/${tail}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    },
    /** Every refund that really happened, of one original or of all. Mircate's carry no reference. */
    returned: async (original?: string): Promise<readonly RefundMovement[]> => {
      const movements = (await truth.movements({ reference: "" })) as readonly RefundMovement[];
      return movements.filter((each) => each.original !== undefined && (original ?? each.original) === each.original);
    },
  };
}
