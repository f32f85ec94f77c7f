/** How much the tests try: most of it always, all of it where `CI` is set, as `.ci/run` does. */

/** The whole search, every mutation, a crash at every await of a batch and a run, all rounds of races, the bundles' sizes, the tree without a provider, and DynamoDB Local on Java beside dynoxide: three minutes more on two cores. */
export const isThorough = Boolean(process.env["CI"]);
