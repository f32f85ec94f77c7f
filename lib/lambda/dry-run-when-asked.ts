/** The dry run for the function that seldom makes one: its code, and the way to providers, are loaded at the first, not at every cold start. */
import type { DryRunDependencies } from "./dry-run.ts";
import type { ShownDryRun } from "./shown-batch.ts";

let dependencies: DryRunDependencies | undefined;

export async function dryRunWhenAsked(items: readonly unknown[], tenant: string): Promise<ShownDryRun> {
  const { dryRun, dryRunDependencies } = await import("./dry-run.ts");
  dependencies ??= dryRunDependencies();
  return dryRun(items, tenant, dependencies);
}
