/** A stage's resource graph, as the tests read it. */

export interface Resource {
  /** As Pulumi names it: `aws:dynamodb/table:Table`. */
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what AWS's provider takes has a shape of its own for every type.
  readonly properties: any;
  readonly options: { readonly retainOnDelete?: boolean; readonly ignoreChanges?: readonly string[] };
}

export interface Graph {
  readonly stage: string;
  readonly app: {
    readonly protect?: boolean;
    readonly removal?: string;
    readonly providers?: {
      readonly aws: { readonly defaultTags: { readonly tags: Readonly<Record<string, string>> } };
    };
  };
  /** What the deployment prints at its end, as far as it is known before. */
  readonly printed: Readonly<Record<string, string>>;
  readonly resources: readonly Resource[];
}

/** All of a type, which is given without the provider: `dynamodb/table`. */
export function all({ resources }: Graph, type: string): Resource[] {
  return resources.filter((resource) => resource.type.startsWith(`aws:${type}:`));
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** A name without the app and the stage in front of it. */
export function shortName({ stage }: Graph, name: string): string {
  return name.replace(`moneyback-${stage}-`, "");
}

/** The deployed Lambdas by file in `functions/`. */
export function functionsOf(graph: Graph): ReadonlyMap<string, Resource> {
  const lambdas = all(graph, "lambda/function");
  return new Map(lambdas.map((lambda) => [shortName(graph, lambda.properties.name), lambda]));
}

/** A Lambda's role, by the ARN that the Lambda names. */
export function roleOf(graph: Graph, lambda: Resource): Resource | undefined {
  return all(graph, "iam/role").find(({ properties }) => lambda.properties.role.endsWith(`/${properties.name}`));
}

export function statementsOf(role: Resource | undefined): readonly Statement[] {
  const policies: { policy: string }[] = role?.properties.inlinePolicies ?? [];
  return policies.flatMap(({ policy }) => JSON.parse(policy).Statement);
}

/** `dynamodb:Query table/Transactions/index/due`, one for each action and resource. */
export function grantsOf(graph: Graph, lambda: Resource): string[] {
  return statementsOf(roleOf(graph, lambda)).flatMap(({ actions, resources }) =>
    actions.flatMap((action) =>
      resources.map((resource) => {
        const inAccount = resource.replace(/^arn:aws:[^:]*:[^:]*:\d*:/, "");
        return `${action} ${shortName(graph, inAccount)}`;
      }),
    ),
  );
}
