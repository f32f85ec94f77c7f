/** Stands in for the store of concurrent invocations in the bundles: ours run one at a time, and their trace is in the environment. Only the bundler names this file. */

/** Same name as in `@aws/lambda-invoke-store`; the SDK then reads the variables. */
export const InvokeStore = { getInstanceAsync: async () => undefined };
