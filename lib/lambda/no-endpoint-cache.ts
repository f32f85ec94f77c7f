/** Stands in for the SDK's cache of discovered endpoints in the bundles: DynamoDB discovers none here. Only the bundler names this file. */

/** Same name as in `@aws-sdk/endpoint-cache`; nothing is kept, because nothing is ever asked. */
export class EndpointCache {}
