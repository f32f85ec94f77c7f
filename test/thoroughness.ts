/** How much the tests try: most of it always, all of it where `CI` is set, as `.ci/run` does. */

/** The whole search, every mutation, and DynamoDB Local on Java beside dynoxide: some two minutes more on two cores. */
export const isThorough = Boolean(process.env["CI"]);
