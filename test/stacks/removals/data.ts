/** What is taken from what keeps the data. */
import { change, named, type Removals, set, without, withoutOptions } from "./removal.ts";

const table = "dynamodb/table";
const transactions = named("Transactions");

export const dataRemovals: Removals = {
  "every table is deployed, with its keys": { "a table": without(table, named("Originals")) },
  "every index is deployed, with its keys and what is copied into it": {
    "an index": change(table, (properties) => properties.globalSecondaryIndexes.pop(), transactions),
  },
  "tables are paid by request": { "payment by request": set(table, "billingMode", "PROVISIONED") },
  "tables can be restored to any point in time": { "point-in-time recovery": set(table, "pointInTimeRecovery") },
  "tables are encrypted with the app's own key": { encryption: set(table, "serverSideEncryption") },
  "production's tables cannot be deleted, and other stages' can": {
    "deletion protection": set(table, "deletionProtectionEnabled", false),
  },
  "only what is no money is forgotten by time": {
    "the permanence of money": change(
      table,
      (properties) => {
        properties.ttl = { enabled: true, attributeName: "expiresAt" };
      },
      transactions,
    ),
  },
  "tables that are followed stream both images": {
    "an image": change(
      table,
      (properties) => {
        properties.streamViewType = "KEYS_ONLY";
      },
      transactions,
    ),
  },
  "the key rotates, and leaves time to change one's mind": {
    rotation: set("kms/key", "enableKeyRotation", false),
  },
  "the key is used through DynamoDB and Secrets Manager only": {
    "the services in its policy": change("kms/key", (properties) => {
      properties.policy = properties.policy.replace("kms:ViaService", "kms:Other");
    }),
  },
  "the secret is encrypted with the app's own key": { "its key": set("secretsmanager/secret", "kmsKeyId") },
  "no credential passes through the graph": {
    secrecy: set("secretsmanager/secretVersion", "secretString", '[{"id":"nexio","provider":"nexio","apiKey":"x"}]'),
    "the operator's last word": withoutOptions("secretsmanager/secretVersion"),
  },
  "production is protected and kept, and no other stage": {
    "the protection of the stage": (graph) => ({ ...graph, app: { ...graph.app, protect: false } }),
  },
  "what the data needs outlives a removal, where the stage is kept": {
    "the key's permanence": withoutOptions("kms/key"),
    "the secret's permanence": withoutOptions("secretsmanager/secret"),
    "the stage's end": (graph) => ({ ...graph, app: { ...graph.app, removal: "remove" } }),
  },
};
