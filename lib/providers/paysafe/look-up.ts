/** Finds a refund again: by Paysafe's id where it is known, else by our reference within explicit dates. */
import type { Finding, Reading } from "../../domain/outcome.ts";
import type { RefundOrder } from "../port.ts";
import { type Client, readAnswer } from "./client.ts";
import { findingOf } from "./mapping.ts";
import { isId } from "./order.ts";
import { parseBody, Refund, Refunds } from "./wire.ts";

/** A page's documented maximum. */
const limit = 50;

/** One reference owns one refund, so a second page is odd already; more are not read. */
const pagesMax = 20;

const dayMs = 86_400_000;

export async function lookUp(client: Client, order: RefundOrder, now: Date): Promise<Reading<Finding>> {
  const id = order.providerTransactionId;
  if (!id || !isId(id)) return findByReference(client, order, now);
  const answer = readAnswer(await client.get(`/refunds/${id}`));
  if (answer.kind === "text") {
    const refund = parseBody(Refund, answer.text);
    if (!refund) return unavailable("a refund that cannot be read");
    return { kind: "read", value: findingOf([refund], order) };
  }
  if (answer.kind !== "missing") return answer;
  const finding = await findByReference(client, order, now);
  const isNothing = finding.kind === "read" && finding.value.kind === "nothing";
  // Paysafe named it once. "Nothing" would allow another submission of what it has accepted.
  return isNothing ? unavailable(`the refund ${id} is not found, nor its reference`) : finding;
}

async function findByReference(client: Client, order: RefundOrder, now: Date): Promise<Reading<Finding>> {
  const ours: Refund[] = [];
  const seen = new Set<string>();
  let query: string | undefined = queryFor(order, now);
  while (query !== undefined) {
    if (seen.has(query) || seen.size >= pagesMax) return unavailable("a lookup whose pages do not end");
    seen.add(query);
    const answer = readAnswer(await client.get(`/refunds${query}`));
    if (answer.kind === "missing" && seen.size === 1) return { kind: "read", value: { kind: "nothing" } };
    if (answer.kind === "missing") return unavailable("a lookup whose next page is not there");
    if (answer.kind !== "text") return answer;
    const page = parseBody(Refunds, answer.text);
    if (!page) return unavailable("a lookup that cannot be read");
    ours.push(...page.refunds.filter(({ merchantRefNum }) => merchantRefNum === order.reference));
    query = nextQuery(page);
  }
  return { kind: "read", value: findingOf(ours, order) };
}

/** Without `startDate` a lookup sees 30 days, while the duplicate check remembers 90. */
function queryFor({ reference, createdAt }: RefundOrder, now: Date): string {
  const startDate = secondsOf(createdAt.getTime() - dayMs);
  const endDate = secondsOf(now.getTime() + dayMs);
  const merchantRefNum = encodeURIComponent(reference);
  return `?merchantRefNum=${merchantRefNum}&limit=${limit}&offset=0&startDate=${startDate}&endDate=${endDate}`;
}

/** Only the query of the next page's link is used: credentials go to the connection's own address and to no other. */
function nextQuery({ links }: Refunds): string | undefined {
  const next = links?.find(({ rel }) => rel === "next");
  return next && (URL.parse(next.href, "https://api.paysafe.com")?.search ?? "");
}

/** As the reference prints dates: `2017-02-14T15:12:18Z`. */
function secondsOf(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function unavailable(detail: string): Reading<never> {
  return { kind: "unavailable", detail };
}
