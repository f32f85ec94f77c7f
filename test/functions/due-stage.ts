/** A stage whose transactions were due when the clock's first two minutes had passed, and the flows that follow-up starts. */
import type { FlowInput } from "../../lib/flow/starter.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import type { Script } from "./scripted-connector.ts";
import { taskStage } from "./stage.ts";

export async function dueStage(members: Partial<ConfiguredConnection> = {}, script: Script = {}) {
  const stage = await taskStage(
    { lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }), ...script },
    members,
  );
  const started: FlowInput[] = [];
  const flow = {
    start: async (input: FlowInput) => {
      started.push(input);
    },
  };
  stage.clock.advance(120_000);
  return { ...stage, started, flow, ids: () => started.map(({ transactionId }) => transactionId) };
}

/** How long a transaction is left alone from now on. */
export async function secondsUntilNext(
  { stored, now }: Pick<Awaited<ReturnType<typeof dueStage>>, "stored" | "now">,
  input: { readonly transactionId: string },
): Promise<number> {
  const { nextActionAt = "" } = await stored(input);
  return (Date.parse(nextActionAt) - now().getTime()) / 1_000;
}
