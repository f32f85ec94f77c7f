/**
 * The HTTP client, whose code is loaded at the first call and not at every cold start: it wakes Node's fetch, a third of the
 * time that such a function would take to load.
 */
import type { HttpClient } from "../providers/http.ts";

const load = () => import("../providers/http.ts");

export const httpWhenCalled: HttpClient = async (request) => (await load()).httpClient(request);

/** Begins to load it: for who will call for sure, and lets nothing come between a claim and its call. */
export function loadHttpClient(): void {
  load().catch(() => {
    // The call itself will say so.
  });
}
