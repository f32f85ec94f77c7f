/** The key that encrypts the tables and the secret, which nobody can use but through DynamoDB and Secrets Manager. */
import { outlivesTheApp, physicalName } from "./names.ts";

export type Key = ReturnType<typeof createKey>;

export function createKey() {
  const account = aws.getCallerIdentityOutput().accountId;
  const region = aws.getRegionOutput().region;
  const partition = aws.getPartitionOutput().partition;
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "Administration",
        actions: ["kms:*"],
        // In a key's policy this is the key.
        resources: ["*"],
        principals: [{ type: "AWS", identifiers: [$interpolate`arn:${partition}:iam::${account}:root`] }],
      },
      {
        // A role that may read a table need not be told of its key: the key trusts the table's service.
        sid: "UseThroughTheServices",
        actions: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:DescribeKey",
          "kms:CreateGrant",
        ],
        resources: ["*"],
        principals: [{ type: "AWS", identifiers: ["*"] }],
        conditions: [
          { test: "StringEquals", variable: "kms:CallerAccount", values: [account] },
          {
            test: "StringEquals",
            variable: "kms:ViaService",
            values: [
              $interpolate`dynamodb.${region}.amazonaws.com`,
              $interpolate`secretsmanager.${region}.amazonaws.com`,
            ],
          },
        ],
      },
    ],
  });
  const key = new aws.kms.Key(
    "Key",
    {
      description: `Tables and secret of ${$app.name} ${$app.stage}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy.json,
    },
    // A table without its key is lost.
    { retainOnDelete: outlivesTheApp() },
  );
  new aws.kms.Alias("KeyAlias", { name: `alias/${physicalName("data")}`, targetKeyId: key.keyId });
  return key;
}
