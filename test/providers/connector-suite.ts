/**
 * The cases that every provider's connector must pass, against the sandbox over real HTTP. A provider brings its setup;
 * the suite knows only the port, so it serves spendbacks, refunds and cashbacks alike.
 */
import { describe, expect, test } from "vitest";
import type { FailureCode, Finding, Outcome, Reading } from "../../lib/domain/outcome.ts";
import type { Login } from "../../lib/providers/port.ts";

/** The calls of a connector that move money, whatever the kind: `SpendbackCalls` is one. */
export interface MoneyCalls<Order> {
  readonly submit: (order: Order, token: string | undefined) => Promise<Outcome>;
  readonly lookUp: (order: Order, token: string | undefined) => Promise<Reading<Finding>>;
}

/** What really happened at the provider, whoever was told what. */
export interface Truth<Order> {
  /** Every movement that the order made. */
  readonly movements: (order: Order) => Promise<readonly { readonly status: string }[]>;
  /** How many requests of an operation the provider received. */
  readonly calls: (operation: string) => Promise<number>;
}

export interface Rig<Order> {
  readonly calls: MoneyCalls<Order>;
  /** The same connection with a timeout that a test can wait for. */
  readonly impatient: MoneyCalls<Order>;
  /** Absent where the credentials go with every call. */
  readonly authenticate?: () => Promise<Reading<Login>>;
  /** An order that the account can pay, the same each time. */
  readonly order: Order;
  /** An order that is larger than what is there. */
  readonly tooLarge: Order;
  /** Why it is declined. Absent: insufficient_funds. */
  readonly tooLargeAs?: FailureCode;
  /** What the flow does before it moves money, e.g. reading the balance. */
  readonly approach: (order: Order, token: string | undefined) => Promise<unknown>;
  /** The names of the sandbox's operations behind `submit` and `lookUp`. */
  readonly operations: { readonly submit: string; readonly lookUp: string };
  /** The next call of the operation meets the fault. */
  readonly arm: (operation: string, fault: string, options?: Readonly<Record<string, number>>) => Promise<void>;
  /** The provider's server goes away. */
  readonly stop: () => Promise<void>;
  readonly truth: Truth<Order>;
  /** How the provider's plain success and its "pending" look to `submit`: not every answer has a last word. */
  readonly says: {
    readonly success: "settled" | "accepted";
    readonly pending: "accepted" | "unknown";
    /** How a lookup finds what failed after it was pending; `unknown` where no document names that status. Absent: declined. */
    readonly failed?: "unknown";
  };
  /** What the provider makes of a reference that it has seen before, or of the same order where it keeps no reference. */
  readonly repeats: "move again" | "move again, namelessly" | "are refused";
  /** Makes lookups answer with a status that nobody has heard of. */
  readonly sayUnheardOf: () => Promise<unknown>;
  /** The provider refuses the session of the operation's next call, in one of the ways that the suite was told. */
  readonly refuseSession: (way: string, operation: string) => Promise<void>;
}

/** A fault in the answer to a call that moved money, or did not. */
const doubts = [
  { fault: "reset-before", moved: false, told: "the connection is reset before anything happens" },
  { fault: "reset-after", moved: true, told: "the connection is reset after the money moved" },
  { fault: "error-500-before", moved: false, told: "the provider breaks before anything happens" },
  { fault: "error-500-after", moved: true, told: "the provider breaks after the money moved" },
  { fault: "garbage-200", moved: true, told: "the answer is half a text with status 200" },
  { fault: "timeout-before", moved: false, told: "nothing happens and no answer comes" },
  { fault: "timeout-after", moved: true, told: "the money moves and no answer comes" },
] as const;

/**
 * Registers the cases for one provider. `setup` is called anew for each of them.
 * `sessionRefusals` are the ways in which the provider is known to refuse a session; none where it has no sessions.
 */
export function connectorSuite<Order>(
  name: string,
  setup: () => Promise<Rig<Order>>,
  {
    sessionRefusals,
    isSynchronous = false,
  }: {
    readonly sessionRefusals: readonly string[];
    /** The provider's answer is its last word: nothing is ever pending there. */
    readonly isSynchronous?: boolean;
  },
): void {
  /** A rig after login and whatever comes before the money. */
  async function ready() {
    const rig = await setup();
    const token = await logIn(rig);
    await rig.approach(rig.order, token);
    return {
      ...rig,
      token,
      submit: (order = rig.order, calls = rig.calls) => calls.submit(order, token),
      lookUp: (order = rig.order, calls = rig.calls) => calls.lookUp(order, token),
      movements: (order = rig.order) => rig.truth.movements(order),
    };
  }

  describe(name, () => {
    test("moves the money once and finds it settled", async () => {
      const { submit, lookUp, movements, truth, operations, says } = await ready();
      expect((await submit()).kind).toBe(says.success);
      expect(await lookUp()).toMatchObject(foundAs("settled"));
      expect(await movements()).toMatchObject([{ status: "settled" }]);
      expect(await truth.calls(operations.submit)).toBe(1);
    });

    test("looks up without moving anything", async () => {
      const { lookUp, movements, truth, operations } = await ready();
      for (let n = 0; n < 3; n++) expect(await lookUp()).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
      expect(await movements()).toStrictEqual([]);
      expect(await truth.calls(operations.submit)).toBe(0);
    });

    test("is declined where the money does not suffice, and nothing moves", async () => {
      const { tooLarge, tooLargeAs, approach, token, submit, lookUp, movements } = await ready();
      await approach(tooLarge, token);
      expect(await submit(tooLarge)).toMatchObject({ kind: "declined", code: tooLargeAs ?? "insufficient_funds" });
      expect(await movements(tooLarge)).toStrictEqual([]);
      expect(await lookUp(tooLarge)).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    });

    if (!isSynchronous) {
      test.each([
        ["pending-then-settled", "settled"],
        ["pending-then-failed", "declined"],
      ] as const)("follows what is %s", async (fault, ended) => {
        const { arm, operations, submit, lookUp, movements, says } = await ready();
        const end = ended === "declined" ? (says.failed ?? ended) : ended;
        await arm(operations.submit, fault);
        expect((await submit()).kind).toBe(says.pending);
        expect(await lookUp()).toMatchObject(foundAs("accepted"));
        expect(await lookUp()).toMatchObject(foundAs(end));
        expect(await lookUp()).toMatchObject(foundAs(end));
        expect((await movements()).length).toBe(1);
      });
    }

    test("finds what is listed late, and takes nothing found for nothing more than that", async () => {
      const { arm, operations, submit, lookUp, movements, says } = await ready();
      await arm(operations.submit, "late-lookup");
      expect((await submit()).kind).toBe(says.success);
      for (let n = 0; n < 2; n++) expect(await lookUp()).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
      expect(await lookUp()).toMatchObject(foundAs("settled"));
      expect((await movements()).length).toBe(1);
    });

    test("shows that a reference was used twice, or is refused the second time", async () => {
      const { approach, order, token, submit, lookUp, movements, repeats } = await ready();
      await submit();
      await approach(order, token);
      const second = await submit();
      if (repeats !== "are refused") {
        expect((await movements()).length).toBe(2);
        // Without a reference the second may as well be somebody else's.
        const kind = repeats === "move again" ? "duplicate" : "contradiction";
        expect(await lookUp()).toMatchObject({ kind: "read", value: { kind } });
      } else {
        expect(["declined", "unknown"]).toContain(second.kind);
        expect((await movements()).length).toBe(1);
        expect(await lookUp()).toMatchObject(foundAs("settled"));
      }
    });

    test.each(doubts)("is in doubt when $told, sends nothing again, and the lookup tells", async ({ fault, moved }) => {
      const { arm, operations, submit, lookUp, movements, truth, impatient } = await ready();
      await arm(operations.submit, fault);
      const outcome = await submit(undefined, fault.startsWith("timeout") ? impatient : undefined);
      expect(outcome.kind).toBe("unknown");
      expect(await truth.calls(operations.submit)).toBe(1);
      expect((await movements()).length).toBe(moved ? 1 : 0);
      expect(await lookUp()).toMatchObject(moved ? foundAs("settled") : { kind: "read", value: { kind: "nothing" } });
    });

    test("waits for a slow answer", async () => {
      const { arm, operations, submit, movements, says } = await ready();
      await arm(operations.submit, "slow", { delayMs: 300 });
      expect((await submit()).kind).toBe(says.success);
      expect((await movements()).length).toBe(1);
    });

    test("was surely not sent when the provider is too busy", async () => {
      const { arm, operations, submit, movements } = await ready();
      await arm(operations.submit, "rate-limit");
      expect(await submit()).toMatchObject({ kind: "not-sent", reason: "rate-limited" });
      expect(await movements()).toStrictEqual([]);
    });

    test("finds a status that nobody has heard of unknown, never settled or failed", async () => {
      const { sayUnheardOf, submit, lookUp } = await ready();
      await submit();
      await sayUnheardOf();
      expect(await lookUp()).toMatchObject(foundAs("unknown"));
    });

    test("was surely not sent when the provider cannot be reached", async () => {
      const { stop, submit, lookUp } = await ready();
      await stop();
      expect(await submit()).toMatchObject({ kind: "not-sent", reason: "unreachable" });
      expect((await lookUp()).kind).toBe("unavailable");
    });

    if (sessionRefusals.length > 0) {
      test.each(sessionRefusals)(
        "was surely not sent over a refused session (%s), and is sent over the next",
        async (way) => {
          const { refuseSession, operations, submit, movements, ...rig } = await ready();
          await refuseSession(way, operations.submit);
          expect(await submit()).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
          expect(await movements()).toStrictEqual([]);
          const token = await logIn(rig);
          await rig.approach(rig.order, token);
          expect((await rig.calls.submit(rig.order, token)).kind).toBe(rig.says.success);
          expect((await movements()).length).toBe(1);
        },
      );

      test.each(sessionRefusals)("asks for another session when a lookup's is refused (%s)", async (way) => {
        const { refuseSession, operations, submit, lookUp, ...rig } = await ready();
        await submit();
        await refuseSession(way, operations.lookUp);
        expect((await lookUp()).kind).toBe("session-rejected");
        expect(await rig.calls.lookUp(rig.order, await logIn(rig))).toMatchObject(foundAs("settled"));
      });
    }

    test.each(["reset-before", "reset-after", "error-500-before", "error-500-after", "garbage-200", "rate-limit"])(
      "has read nothing when the lookup itself fails (%s), and may repeat it",
      async (fault) => {
        const { arm, operations, submit, lookUp } = await ready();
        await submit();
        await arm(operations.lookUp, fault);
        expect((await lookUp()).kind).toBe("unavailable");
        expect(await lookUp()).toMatchObject(foundAs("settled"));
      },
    );

    test("has read nothing when the lookup's answer does not come", async () => {
      const { arm, operations, submit, lookUp, impatient } = await ready();
      await submit();
      await arm(operations.lookUp, "timeout-after");
      expect((await lookUp(undefined, impatient)).kind).toBe("unavailable");
      expect(await lookUp()).toMatchObject(foundAs("settled"));
    });
  });
}

/** A fresh token, where the provider has tokens. */
export async function logIn(rig: {
  readonly authenticate?: () => Promise<Reading<Login>>;
}): Promise<string | undefined> {
  if (!rig.authenticate) return undefined;
  const login = await rig.authenticate();
  if (login.kind !== "read") throw new Error(`the login came to ${JSON.stringify(login)}`);
  return login.value.token;
}

function foundAs(kind: string) {
  return { kind: "read", value: { kind: "found", outcome: { kind } } };
}
