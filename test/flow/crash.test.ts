/** The Lambdas die in the middle, again and again: nothing is lost, nothing moves twice. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

/** When the process is killed, in milliseconds after the call: from "before anything" to "all done". */
const killedAfterMs = [0, 3, 6, 10, 15, 20, 30, 45, 60, 90];

test.each(killedAfterMs)(
  "killed after %i ms, a spendback is answered to the next call with its key, due or done, and moved at most once",
  async (ms) => {
    const key = `crash-${ms}`;
    const call = () => api.spendback(key, {}, { prefer: "" }).catch(() => undefined);
    const first = call();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await stack.host.crash();
    await first;

    const again = await until(call, (reply) => reply !== undefined && reply.status < 500);
    const { body } = await api.get<TransactionBody>(`/v1/transactions/${again?.body.id}`);
    const movements = await api.movements(body.id);
    expect(movements.length).toBeLessThanOrEqual(1);
    if (body.status === "succeeded") expect(movements).toHaveLength(1);
    else expect(body.nextActionAt, `a ${body.status} transaction must be due`).toBeDefined();
  },
);
