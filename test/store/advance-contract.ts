/** Facts about advancing a transaction: each transition's condition, and state and log in one write. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { dueNow, postpone, stopSending } from "../../lib/domain/due-transitions.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import { askForReview, resolve } from "../../lib/domain/operator-transitions.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { Transition } from "../../lib/domain/transition.ts";
import {
  cancelAtProvider,
  claimAgain,
  claimAttempt,
  decline,
  failUnsent,
  note,
  recordNotSent,
  succeed,
} from "../../lib/domain/transitions.ts";
import type { TransactionStore } from "../../lib/store/port.ts";
import { flowAt, idOf, newTenant, sample } from "./sample.ts";

const settled = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" } as const;
const declined = { kind: "declined", code: "provider_declined", message: "Voided", providerCode: "3" } as const;
const unreachable = { kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" } as const;
const unknown = { kind: "unknown", detail: "no answer within 15000 ms" } as const;

/** Where a transaction may stand when a transition comes. */
const states: Readonly<Record<string, Partial<Transaction>>> = {
  pending: {},
  open: { status: "processing", attempt: "open", attempts: 1 },
  "second open": { status: "processing", attempt: "open", attempts: 2 },
  "not sent": { status: "processing", attempt: "not-sent", attempts: 1 },
  "needs review": { status: "needs_review", attempts: 1 },
  succeeded: { status: "succeeded", attempts: 1 },
  failed: { status: "failed", failure: { code: "insufficient_funds", message: "m" } },
  canceled: { status: "canceled" },
};

/** Each transition, and the only states that it may leave. */
const transitions: Readonly<Record<string, { of: (read: Transaction) => Transition; from: readonly string[] }>> = {
  "claimAgain after attempt 1": {
    of: () => claimAgain(flowAt(1), { attempts: 1, attemptId: "a-2", nextActionAt: "2026-11-20T09:40:00.000Z" }),
    from: ["open"],
  },
  claimAttempt: { of: () => claimAttempt(flowAt(1)), from: ["pending", "not sent"] },
  "recordNotSent of attempt 1": { of: () => recordNotSent(unreachable, 1, flowAt(1)), from: ["open"] },
  succeed: { of: () => succeed(settled, flowAt(1)), from: ["open", "second open"] },
  "decline of attempt 2": { of: () => decline(declined, 2, flowAt(1)), from: ["second open"] },
  "cancelAtProvider of attempt 1": {
    of: () => cancelAtProvider({ kind: "canceled", detail: "taken back" }, 1, flowAt(1)),
    from: ["open"],
  },
  failUnsent: { of: () => failUnsent("insufficient_funds", flowAt(1)), from: ["pending", "not sent"] },
  note: { of: (read) => note(read, unknown, flowAt(1)), from: ["open", "second open"] },
  "note of what was read before another wrote": {
    of: (read) => note({ ...read, log: [...read.log, ...read.log] }, unknown, flowAt(1)),
    from: [],
  },
  askForReview: {
    of: ({ tenant }) => askForReview({ tenant, detail: "two movements", alarm: "duplicate_detected" }, flowAt(1)),
    from: ["open", "second open", "not sent"],
  },
  "askForReview about attempt 1": {
    of: ({ tenant }) => askForReview({ tenant, detail: "no last word", attempts: 1 }, flowAt(1)),
    from: ["open", "not sent"],
  },
  "resolve as succeeded": {
    of: () => resolve({ outcome: "succeeded", reason: "seen", providerTransactionId: "17" }, flowAt(1)),
    from: ["needs review"],
  },
  "resolve as failed": {
    of: () => resolve({ outcome: "failed", reason: "not seen" }, flowAt(1)),
    from: ["needs review"],
  },
  stopSending: { of: () => stopSending("could not be sent within 72 h", flowAt(1)), from: ["pending"] },
  dueNow: { of: () => dueNow(flowAt(1)), from: ["pending"] },
  postpone: {
    of: (read) => postpone(read, "2026-11-20T09:40:00.000Z", "waits", flowAt(1)),
    from: ["pending", "open", "second open", "not sent"],
  },
  "postpone of what was read before another wrote": {
    of: (read) =>
      postpone({ ...read, log: [...read.log, ...read.log] }, "2026-11-20T09:40:00.000Z", "waits", flowAt(1)),
    from: [],
  },
};

const cases = Object.entries(transitions).flatMap(([name, { of, from }]) =>
  Object.entries(states).map(([state, members]) => ({ name, of, state, members, allowed: from.includes(state) })),
);

export function advanceContract(store: () => TransactionStore): void {
  const created = async (members: Partial<Transaction> = {}): Promise<Transaction> => {
    const transaction = sample(newTenant(), 0, members);
    await store().create(transaction);
    return transaction;
  };

  describe("advance", () => {
    test.each(cases.filter(({ allowed }) => allowed))("$name leaves $state", async ({ of, members }) => {
      const before = await created(members);
      const { advanced, transaction } = await store().advance(before.id, of(before));
      expect(advanced).toBe(true);
      expect(transaction?.log).toHaveLength(2);
      expect(await store().get(before.id, "consistent")).toEqual(transaction);
    });

    test.each(cases.filter(({ allowed }) => !allowed))(
      "$name does not leave $state, and says where it stands",
      async ({ of, members }) => {
        const before = await created(members);
        expect(await store().advance(before.id, of(before))).toEqual({ advanced: false, transaction: before });
        expect(await store().get(before.id, "consistent")).toEqual(before);
      },
    );

    test("finds nothing to advance where there is no transaction, and makes none", async () => {
      const id = idOf(newTenant());
      expect(await store().advance(id, claimAttempt(flowAt(1)))).toEqual({ advanced: false, transaction: undefined });
      expect(await store().get(id, "consistent")).toBeUndefined();
    });

    test("of 50 claims at once exactly one gets the attempt; the others learn that it is open", async () => {
      const { id } = await created();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => store().advance(id, claimAttempt({ by: `flow-${n}`, at: flowAt(1).at }))),
      );
      const winners = answers.flatMap(({ advanced }, n) => (advanced ? [`flow-${n}`] : []));
      expect(winners).toHaveLength(1);
      const stored = await store().get(id, "consistent");
      for (const { transaction } of answers) expect(transaction).toEqual(stored);
      expect(stored).toMatchObject({ status: "processing", attempt: "open", attempts: 1 });
      expect(stored?.log.map(({ by }) => by)).toEqual(["api", ...winners]);
    });

    test("writes state and log together, from the claim to the provider's word", async () => {
      const before = await created({ recipient: { id: "b-1" } });
      await store().advance(before.id, claimAttempt(flowAt(1)));
      await store().advance(before.id, recordNotSent(unreachable, 1, flowAt(2)));
      await store().advance(before.id, claimAttempt(flowAt(3)));
      await store().advance(before.id, succeed(settled, flowAt(4)));
      expect(await store().get(before.id, "consistent")).toStrictEqual({
        id: before.id,
        tenant: before.tenant,
        kind: "spendback",
        status: "succeeded",
        connection: "ipayout",
        provider: "ipayout",
        amount: { value: 1999 as MinorUnits, currency: "USD" },
        recipient: { id: "b-1" },
        fingerprint: "print",
        attempts: 2,
        providerTransactionId: "p-1",
        createdAt: "2026-11-20T09:30:00.000Z",
        log: [
          { at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" },
          { at: "2026-11-20T09:30:01.000Z", status: "processing", by: "flow", detail: "attempt claimed" },
          {
            at: "2026-11-20T09:30:02.000Z",
            status: "processing",
            by: "flow",
            detail: "not sent, unreachable: ECONNREFUSED",
          },
          { at: "2026-11-20T09:30:03.000Z", status: "processing", by: "flow", detail: "attempt claimed" },
          { at: "2026-11-20T09:30:04.000Z", status: "succeeded", by: "flow", detail: "Completed" },
        ],
      });
    });

    test("writes a failure with the provider's own code", async () => {
      const { id } = await created(states["open"]);
      await store().advance(id, decline(declined, 1, flowAt(1)));
      const stored = await store().get(id, "consistent");
      expect(stored?.status).toBe("failed");
      expect(stored?.failure).toStrictEqual({ code: "provider_declined", message: "Voided", providerCode: "3" });
      expect(stored).not.toHaveProperty("attempt");
      expect(stored).not.toHaveProperty("nextActionAt");
    });

    test("of 20 executions that claim again after the same attempt one does", async () => {
      const { id } = await created(states["open"]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store().advance(
            id,
            claimAgain(flowAt(1), { attempts: 1, attemptId: `a-${n}`, nextActionAt: "2026-11-20T09:40:00.000Z" }),
          ),
        ),
      );
      expect(answers.filter(({ advanced }) => advanced)).toHaveLength(1);
      expect(await store().get(id, "consistent")).toMatchObject({ attempt: "open", attempts: 2 });
    });

    test("a late report of a first attempt cannot close the second", async () => {
      const { id } = await created(states["second open"]);
      expect((await store().advance(id, recordNotSent(unreachable, 1, flowAt(1)))).advanced).toBe(false);
      expect((await store().advance(id, recordNotSent(unreachable, 2, flowAt(1)))).advanced).toBe(true);
    });

    test("counts what was learned again in the entry that says it already", async () => {
      const { id } = await created(states["open"]);
      for (const second of [1, 2, 3, 4]) {
        const read = await store().get(id, "consistent");
        if (read) await store().advance(id, note(read, unknown, flowAt(second)));
      }
      const stored = await store().get(id, "consistent");
      expect(stored?.log.slice(1)).toStrictEqual([
        {
          at: "2026-11-20T09:30:01.000Z",
          status: "processing",
          by: "flow",
          detail: "unknown: no answer within 15000 ms",
          count: 4,
          lastAt: "2026-11-20T09:30:04.000Z",
        },
      ]);
    });

    test("counts what alternates, too, and begins a new entry for what is new", async () => {
      const { id } = await created(states["open"]);
      for (const detail of ["A", "A", "B", "A"]) {
        const read = await store().get(id, "consistent");
        if (read) await store().advance(id, note(read, { kind: "accepted", detail }, flowAt(1)));
      }
      const stored = await store().get(id, "consistent");
      expect(stored?.log.slice(1).map(({ detail, count }) => [detail, count])).toEqual([
        ["accepted: A", 3],
        ["accepted: B", undefined],
      ]);
    });

    test("begins a new entry for what was learned before the attempt, or by somebody else", async () => {
      const { id } = await created(states["open"]);
      const learn = async (by: string) => {
        const read = await store().get(id, "consistent");
        if (read) await store().advance(id, note(read, unknown, { by, at: flowAt(1).at }));
      };
      await learn("flow");
      await learn("webhook");
      await store().advance(id, recordNotSent(unreachable, 1, flowAt(2)));
      await store().advance(id, claimAttempt(flowAt(3)));
      await learn("flow");
      const stored = await store().get(id, "consistent");
      const doubts = stored?.log.filter(({ detail }) => detail?.startsWith("unknown"));
      expect(doubts?.map(({ by, count }) => [by, count])).toEqual([
        ["flow", undefined],
        ["webhook", undefined],
        ["flow", undefined],
      ]);
    });

    test("adds what was spent, and where many add at once, everything", async () => {
      const before = await created({ cost: { ...noCost, writeUnits: 4, readHalfUnits: 1 } });
      const spent = { ...noCost, writeUnits: 3, lambdaMs: 17, flowMs: 5 };
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().advance(before.id, { ...dueNow(flowAt(n)), spent })),
      );
      const after = await store().get(before.id, "consistent");
      expect(after?.cost).toStrictEqual({
        ...noCost,
        writeUnits: 64,
        readHalfUnits: 1,
        lambdaMs: 340,
        flowMs: 100,
      });
    });

    test("adds to what was never metered, and nothing where it is refused", async () => {
      const before = await created();
      const spent = { ...noCost, lambdaCalls: 1 };
      const refused = { ...succeed(settled, flowAt(1)), spent };
      expect(await store().advance(before.id, refused)).toEqual({ advanced: false, transaction: before });
      const { transaction } = await store().advance(before.id, { ...claimAttempt(flowAt(2)), spent });
      expect(transaction?.cost).toStrictEqual(spent);
    });

    test("of 20 dispatchers that read the same state one moves the next action on", async () => {
      const read = await created(states["open"]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store().advance(read.id, postpone(read, `2026-11-20T09:40:${n + 10}.000Z`, "waits", flowAt(1))),
        ),
      );
      const winners = answers.flatMap(({ advanced }, n) => (advanced ? [`2026-11-20T09:40:${n + 10}.000Z`] : []));
      expect(winners).toHaveLength(1);
      expect((await store().get(read.id, "consistent"))?.nextActionAt).toBe(winners[0]);
    });
  });
}
