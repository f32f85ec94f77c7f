/** Marks each request that leaves a Lambda with the function that makes it, though all of them run in one thread here. */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** Names the function, in a request to AWS. */
export const actingHeader = "x-acting-function";

const acting = new AsyncLocalStorage<string>();

// Told of a request before its head is sent. Signed it is already; AWS, too, ignores headers that it does not know.
subscribe("http.client.request.created", (message) => {
  const name = acting.getStore();
  if (name !== undefined) (message as { request: ClientRequest }).request.setHeader(actingHeader, name);
});

export function actAs<Result>(name: string, act: () => Result): Result {
  return acting.run(name, act);
}
