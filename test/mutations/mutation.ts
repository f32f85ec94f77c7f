/** What a mutation is, and how its change is made. */
/** One guard taken out of the product, and what must notice. */
export interface Mutation {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: InvariantsOf | TestOf;
}

/** The simulation must find it, by one of these invariants. */
export interface InvariantsOf {
  readonly invariants: readonly string[];
  /** A seed that found it once: tried first. Without it the search is the same, and longer. */
  readonly near?: number;
}

/** A test must fail, the one with these words in its name. */
export interface TestOf {
  readonly test: string;
  readonly named: string;
}

/** The file's text with the guard taken out. @throws Error unless the guard stands there exactly once */
export function applied({ name, file, find, replace }: Mutation, source: string): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text stands ${parts.length - 1} times in ${file}`);
  return parts.join(replace);
}
