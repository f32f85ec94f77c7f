/** Secrets Manager on the local AWS endpoint: the secret with the connections. */
import { createHash } from "node:crypto";
import { connectionsSecret, connectionsSecretArn } from "./arns.ts";
import { AwsError, type AwsOperations, requiredText } from "./aws-operations.ts";

/** `connectionsText` is asked at each call, so a changed text shows as a rotated secret does: with another version id. */
export function secretsManagerOperations(connectionsText: () => string): AwsOperations {
  const createdAt = Math.floor(Date.now() / 1000);
  return {
    "secretsmanager.GetSecretValue": (input) => {
      const id = requiredText(input, "SecretId");
      if (id !== connectionsSecret && id !== connectionsSecretArn) {
        const message = `Secrets Manager can't find the specified secret. There is one: ${connectionsSecret}.`;
        throw new AwsError("ResourceNotFoundException", message);
      }
      const SecretString = connectionsText();
      return {
        ARN: connectionsSecretArn,
        Name: connectionsSecret,
        VersionId: versionIdOf(SecretString),
        SecretString,
        VersionStages: ["AWSCURRENT"],
        CreatedDate: createdAt,
      };
    },
  };
}

/** Shaped as AWS's version ids are: a UUID. */
function versionIdOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
