/** A stage's resource graph, as the tests read it. */

export interface Resource {
  /** As Pulumi names it: `aws:dynamodb/table:Table`. */
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what AWS's provider takes has a shape of its own for every type.
  readonly properties: any;
}

export interface Graph {
  readonly stage: string;
  readonly app: { readonly protect?: boolean; readonly removal?: string };
  readonly resources: readonly Resource[];
}

/** All of a type, which is given without the provider: `dynamodb/table`. */
export function all({ resources }: Graph, type: string): Resource[] {
  return resources.filter((resource) => resource.type.startsWith(`aws:${type}:`));
}
