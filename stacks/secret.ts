/** The secret with the connections' credentials. An operator puts its value; nothing of it passes through a deployment. */
import { providers } from "../lib/providers/registry.ts";
import type { Key } from "./key.ts";
import { isProduction, outlivesTheApp, physicalName } from "./names.ts";

export type Secret = ReturnType<typeof createSecret>;

/** What a new stage begins with: connections without credentials, which `GET /v1/health` names as unconfigured. */
const unconfigured = Object.keys(providers).map((id) => ({ id, provider: id }));

export function createSecret(key: Key) {
  const secret = new aws.secretsmanager.Secret(
    "Connections",
    {
      name: physicalName("connections"),
      description: "The connections: a JSON array, as docs/deploy.md describes it",
      kmsKeyId: key.arn,
      recoveryWindowInDays: isProduction() ? 30 : 0,
    },
    { retainOnDelete: outlivesTheApp() },
  );
  new aws.secretsmanager.SecretVersion(
    "ConnectionsBeginning",
    { secretId: secret.id, secretString: JSON.stringify(unconfigured) },
    // What an operator has put since stays, and is not read into the deployment's state.
    { ignoreChanges: ["secretString", "versionStages"], retainOnDelete: true },
  );
  return secret;
}
