/** What is left of many originals, as far as it can be learned without holding or noting anything. */
import type { Order } from "../domain/batch-chunk.ts";
import type { FailureCode } from "../domain/outcome.ts";
import { isFresh } from "../domain/session.ts";
import { type OriginalStore, originalId } from "../store/originals.ts";
import type { SessionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";
import type { Clock } from "./dependencies.ts";
import { sideBySide } from "./side-by-side.ts";

export interface FiguresDependencies extends Clock {
  readonly originals: Pick<OriginalStore, "remaining">;
  readonly connections: Pick<ConnectionBook, "get">;
  readonly sessions: Pick<SessionStore, "get">;
}

export type Figure =
  | { readonly kind: "left"; readonly value: number; readonly currency: string }
  /** The provider says that nothing of it can be refunded. */
  | { readonly kind: "refused"; readonly code: FailureCode }
  | { readonly kind: "unknown"; readonly detail: string };

/** Originals of which a provider is asked for one call, side by side, and how long altogether: somebody waits for the answer. */
const askedMax = 200;
const atOnce = 8;
const patienceMs = 15_000;

const notAsked: Figure = {
  kind: "unknown",
  detail: `The provider is asked about ${askedMax} originals a call at most, for ${patienceMs / 1_000} s.`,
};

export function originalOf({ connection, providerOriginal, original = "" }: Order): string {
  return originalId(connection, providerOriginal ?? original);
}

/** By original. Our record knows best, then the provider, then the caller. */
export async function figuresOf(
  refunds: readonly Order[],
  dependencies: FiguresDependencies,
): Promise<Map<string, Figure>> {
  const { originals, now, sleep } = dependencies;
  const untilMs = now().getTime() + patienceMs;
  const byOriginal = Map.groupBy(refunds, originalOf);
  const figures = new Map<string, Figure>();
  let asked = 0;
  await sideBySide([...byOriginal], atOnce, async ([id, orders]) => {
    const [order] = orders;
    const record = await originals.remaining(id);
    if (record) figures.set(id, { kind: "left", value: record.value, currency: record.currency });
    const leftMs = untilMs - now().getTime();
    if (record || !order) return;
    const isAsked = leftMs > 0 && asked++ < askedMax;
    const figure = isAsked
      ? await Promise.race([askProvider(order, dependencies), sleep(leftMs).then(() => notAsked)])
      : notAsked;
    figures.set(id, figure.kind === "unknown" ? callersWord(orders, figure) : figure);
  });
  return figures;
}

async function askProvider(order: Order, { connections, sessions, now }: FiguresDependencies): Promise<Figure> {
  const connection = await connections.get(order.connection);
  const refund = connection?.connector.refund;
  if (!connection || !refund) return { kind: "unknown", detail: "The connection cannot be asked." };
  const session = connection.connector.authenticate && (await sessions.get(connection.sessionId));
  if (connection.connector.authenticate && !(session && isFresh(session, now()))) {
    return { kind: "unknown", detail: "Nobody is logged in at the provider, so it was not asked." };
  }
  const { original = "", providerOriginal, account = {}, splits = [], amount } = order;
  const draft = {
    original: providerOriginal ?? original,
    account,
    splits: splits.map((split) => ({ ...split, amount: split.amount ?? 0 })),
    ...(amount && { amount }),
  };
  const reading = await refund.remaining(draft, session?.token);
  switch (reading.kind) {
    case "read":
      return reading.value
        ? { kind: "left", value: reading.value.value, currency: reading.value.currency }
        : { kind: "unknown", detail: "The provider has no figure of its own: send originalAmount." };
    case "refused":
      return { kind: "refused", code: reading.code };
    case "session-rejected":
      return { kind: "unknown", detail: "The provider refuses the session." };
    case "unavailable":
      return { kind: "unknown", detail: `The provider does not answer (${reading.detail}).` };
  }
}

function callersWord(orders: readonly Order[], otherwise: Figure): Figure {
  const said = orders.find(({ originalAmount }) => originalAmount)?.originalAmount;
  return said ? { kind: "left", value: said.value, currency: said.currency } : otherwise;
}
