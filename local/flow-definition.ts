/** Reads a state machine definition: which function each of its Task states calls, nested machines included. */
import type { StateMachineDefinition } from "aws-local-stepfunctions";

export type FlowDefinition = StateMachineDefinition;

interface StateLike {
  readonly Type: string;
  readonly Resource?: string;
  readonly Branches?: readonly MachineLike[];
  readonly ItemProcessor?: MachineLike;
  readonly Iterator?: MachineLike;
}

interface MachineLike {
  readonly States: Readonly<Record<string, StateLike>>;
}

/** State name to `Resource`. State names are unique in a whole definition, so one flat map does. */
export function taskResources(definition: FlowDefinition): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  collect(definition as unknown as MachineLike, found);
  return found;
}

function collect(machine: MachineLike, found: Map<string, string>): void {
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.Type === "Task" && state.Resource !== undefined) found.set(name, state.Resource);
    const nested = [...(state.Branches ?? []), state.ItemProcessor, state.Iterator];
    for (const inner of nested) if (inner) collect(inner, found);
  }
}
