/** One order of each kind at each provider of the sandbox, on the whole stack. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { providers } from "../../sandbox/providers.ts";
import { apiClient } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

const stops = providers.flatMap(({ id, tour }) => tour.map((stop, place) => ({ provider: id, place, ...stop })));

describe("the tour", () => {
  test("has an order of each kind", () => {
    expect(new Set(stops.map(({ kind }) => kind))).toEqual(new Set(["spendback", "refund", "cashback"]));
  });

  test.each(stops)(
    "at $provider: a $kind of $what succeeds, and its repeat is the same",
    async ({ provider, place, kind, body }) => {
      const send = () =>
        api.post(
          `/v1/${kind}s`,
          { connection: provider, ...body },
          { "idempotency-key": `${provider}-${place}`, prefer: "wait=15" },
        );
      const first = await send();
      expect(first.body).toMatchObject({ kind, provider, status: "succeeded" });
      const again = await send();
      expect(again.body).toEqual(first.body);
      expect(again.headers.get("idempotent-replayed")).toBe("true");
    },
  );

  test.each(providers.map(({ id }) => id))("finds the connection to %s configured", async (id) => {
    const { body } = await api.get<{ connections: { id: string; status: string }[] }>("/v1/health");
    const connection = { id, provider: id, status: "configured", breaker: { state: "closed" } };
    expect(body.connections).toContainEqual(connection);
  });
});
