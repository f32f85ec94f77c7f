/** The HTTP client for functions that seldom call a provider: its code is loaded at the first call, not at every cold start. */
import type { HttpClient } from "../providers/http.ts";

export const httpWhenCalled: HttpClient = async (request) => (await import("../providers/http.ts")).httpClient(request);
