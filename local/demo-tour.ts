/** The demo's second table: one transaction of each kind at each provider of the sandbox. */
import type { DemoClient } from "./demo-client.ts";
import type { Step } from "./demo-steps.ts";
import type { Stack } from "./stack.ts";

/** What each order should come to: carried out, and moved by the provider under our reference or, where it takes none, at all. */
export async function takeTour(client: DemoClient, { sandbox }: Stack): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { provider, kind, what, body } of sandbox.tour) {
    const before = (await client.movementsOf(provider)).length;
    const { httpStatus, transaction } = await client.order(kind, `tour-${provider}-${kind}-${steps.length}`, {
      connection: provider,
      ...body,
    });
    const moved = (await client.movementsOf(provider)).length - before;
    steps.push({
      what: `${provider.padEnd(8)} ${kind.padEnd(9)} ${what}`,
      expected: "201 succeeded, moved",
      happened: `${httpStatus} ${transaction.status}${transaction.failure ? `, ${transaction.failure.code}` : ""}, ${moved > 0 ? "moved" : "not moved"}`,
    });
  }
  return steps;
}
