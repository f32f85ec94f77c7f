/** Faults at the simulated providers: they strike as they strike at the sandbox, and each strikes once. */
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../lib/providers/http.ts";
import type { FaultName } from "../../sandbox/faults.ts";
import { type Offer, offers } from "./offers.ts";
import { approach, small, stage } from "./provider-rig.ts";

/** One offer of each connection. */
const eachOne = [...new Map(offers.map((offer) => [offer.connection, offer] as const))];

describe("a fault", () => {
  describe.each(eachOne)("at %s", (_connection, offer) => {
    /** A run in which the fault has struck the money call. */
    async function struck(fault: FaultName) {
      const run = stage();
      const { calls, order, token } = await approach(run, offer, small);
      run.strike(fault);
      const outcome = await calls.submit(order, token);
      const lookUp = async () => {
        const found = await calls.lookUp(order, token);
        if (found.kind !== "read") return found.kind;
        return found.value.kind === "found" ? found.value.outcome.kind : found.value.kind;
      };
      const applicable = run.faultsFor(run.requests.at(-1) as HttpRequest);
      return { ...run, outcome, lookUp, submit: () => calls.submit(order, token), applicable };
    }

    test.each([
      ["error-500-before", 0, "unknown"],
      ["error-500-after", 1, "unknown"],
      ["garbage-200", 1, "unknown"],
      ["rate-limit", 0, "not-sent"],
    ] as const)("%s moves %i and leaves it %s", async (fault, moved, kind) => {
      const { outcome, movements, applicable } = await struck(fault);
      expect(movements()).toHaveLength(moved);
      expect(outcome.kind).toBe(kind);
      expect(applicable).toContain(fault);
    });

    test("late-lookup hides what moved from the first two lookups", async () => {
      const { lookUp, movements } = await struck("late-lookup");
      expect(movements()).toHaveLength(1);
      expect([await lookUp(), await lookUp(), await lookUp()]).toEqual(["nothing", "nothing", "settled"]);
    });

    test("strikes one call, and not the next", async () => {
      const { submit, movements } = await struck("rate-limit");
      expect(["settled", "accepted"]).toContain((await submit()).kind);
      expect(movements()).toHaveLength(1);
    });
  });

  test.each(["pending-then-settled", "pending-then-failed"] as const)("%s ends at the second lookup", async (fault) => {
    const run = stage();
    const offer = offers.find(({ connection }) => connection === "ipayout") as Offer;
    const { calls, order, token } = await approach(run, offer, small);
    run.strike(fault);
    await calls.submit(order, token);
    const statuses: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      statuses.push(run.movements()[0]?.status);
      await calls.lookUp(order, token);
    }
    expect(statuses).toEqual(["pending", "pending", fault === "pending-then-failed" ? "failed" : "settled"]);
  });

  test("does not wait for the next call where the call that it was for came too fast", async () => {
    const run = stage();
    await approach(run, offers.find(({ connection }) => connection === "ipayout") as Offer, small);
    const [login] = run.requests as [HttpRequest];
    run.pass(2_000);
    run.turn("ipayout", "rate-limit", 1);
    expect(run.exchange(login).status).toBe(200);
    expect(run.exchange(login, "error-500-before").status).toBe(429);
    run.pass(2_000);
    expect(run.exchange(login).status).toBe(200);
  });

  test("expired-token is answered as the provider answers an old one, and nothing moves", async () => {
    const run = stage();
    const offer = offers.find(({ kind }) => kind === "cashback") as Offer;
    const { calls, order, token } = await approach(run, offer, small);
    run.strike("expired-token");
    expect(await calls.submit(order, token)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
    expect(run.movements()).toEqual([]);
  });

  test("of the wire or of webhooks is not for it to carry out, nor one that cannot strike the operation", async () => {
    const run = stage();
    const request: HttpRequest = {
      method: "GET",
      url: `${run.connections[0]?.["baseUrl"]}/nowhere`,
      headers: {},
      timeoutMs: 1,
    };
    expect(run.faultsFor(request)).toEqual([]);
    expect(run.exchange(request)).toMatchObject({ operation: "unknown", status: 404, moved: [] });
    for (const fault of ["reset-after", "timeout-before", "duplicate-webhook", "expired-token"] as const) {
      expect(() => run.exchange(request, fault)).toThrow("cannot strike");
    }
    expect(() => run.exchange({ ...request, url: "https://example.com/ipayout" })).toThrow("nobody is at");
  });
});
