/** What the bundler puts in the place of packages that a Lambda of ours never uses. Read by the deployed app and the bench. */

/** Package (as it is imported) to file in this folder. */
export const bundleAliases: Readonly<Record<string, string>> = {
  "@aws/lambda-invoke-store": "no-invoke-store.ts",
  "@aws-sdk/credential-provider-node": "environment-credentials.ts",
  "@aws-sdk/endpoint-cache": "no-endpoint-cache.ts",
  "@smithy/core/checksum": "native-sha256.ts",
  "@smithy/core/event-streams": "no-event-streams.ts",
};
