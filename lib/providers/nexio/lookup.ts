/** Finds spendbacks again: one by Nexio's id, or all under one of our references. */
import type { Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import { isNotFound, isSuccess } from "./mapping.ts";
import { parseAs, RowReference, SpendbackPage, SpendbackRecord } from "./wire.ts";

/** A GET below the base URL. */
export type Get = (path: string) => Promise<Exchange>;

/** Nexio's documented default; what more it allows is not documented. */
const pageSize = 10;

/** Our reference is unique, so one page is the rule. Many mean that the filter did not filter. */
const pagesMax = 20;

const dayMs = 86_400_000;

/** The record with this id; undefined for any 404, which may be about the path as well: it is an inference. */
export async function view(get: Get, id: string): Promise<Reading<SpendbackRecord | undefined>> {
  const exchange = await get(`/payout/v3/spendback/${encodeURIComponent(id)}`);
  if (exchange.kind === "answered" && exchange.status === 404) return { kind: "read", value: undefined };
  const answer = readText(exchange);
  if (answer.kind !== "read") return answer;
  const record = answer.value && parseAs(SpendbackRecord, answer.value);
  return record ? { kind: "read", value: record } : { kind: "unavailable", detail: "a record that cannot be read" };
}

/**
 * The records under exactly this reference, two at most: a second one is reason enough to stop. The dates are explicit,
 * because a default window, if there is one, is not documented; a day to both sides is for clocks that differ.
 */
export async function list(
  get: Get,
  reference: string,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<Reading<readonly SpendbackRecord[]>> {
  const startDate = new Date(since.getTime() - dayMs).toISOString();
  const endDate = new Date(now.getTime() + dayMs).toISOString();
  const found: SpendbackRecord[] = [];
  let offset = 0;
  for (let page = 0; page < pagesMax; page++) {
    const query = new URLSearchParams({
      spendbackRef: reference,
      startDate,
      endDate,
      limit: `${pageSize}`,
      offset: `${offset}`,
    });
    const answer = readText(await get(`/payout/v3/spendback?${query}`));
    if (answer.kind !== "read") return answer;
    if (answer.value === undefined) return { kind: "read", value: found };
    const { rows, hasMore } = parseAs(SpendbackPage, answer.value) ?? {};
    if (!rows) return { kind: "unavailable", detail: "a list that cannot be read" };
    for (const row of rows) {
      if (RowReference.safeParse(row).data?.spendbackRef !== reference) continue;
      const { data } = SpendbackRecord.safeParse(row);
      if (!data) return { kind: "unavailable", detail: "a row of ours that cannot be read" };
      found.push(data);
    }
    const isLast = !(hasMore ?? rows.length >= pageSize);
    if (isLast || found.length > 1) return { kind: "read", value: found };
    if (rows.length === 0) break;
    offset += rows.length;
  }
  return { kind: "unavailable", detail: "a list that does not end" };
}

/** The text of a readable answer; undefined where Nexio says in its own words that there is nothing. */
function readText(exchange: Exchange): Reading<string | undefined> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const { status, text } = exchange;
  if (status === 401 || status === 403) return { kind: "session-rejected", detail: `HTTP ${status}` };
  if (isNotFound(status, text)) return { kind: "read", value: undefined };
  return isSuccess(status) ? { kind: "read", value: text } : { kind: "unavailable", detail: `HTTP ${status}` };
}
