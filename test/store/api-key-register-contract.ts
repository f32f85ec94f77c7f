/** Facts about listing and revoking API keys. */
import { describe, expect, test } from "vitest";
import type { ApiKey, ApiKeyRegister, ApiKeyStore } from "../../lib/store/api-keys.ts";

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `register-${tenants}`;
}

export function apiKeyRegisterContract(apiKeys: () => ApiKeyStore & ApiKeyRegister): void {
  const issue = async (apiKey: ApiKey): Promise<string> => {
    const key = `mbk_${apiKey.tenant}_${apiKey.keyId}`;
    await apiKeys().put(key, apiKey);
    return key;
  };
  const read: ApiKey["scopes"] = ["transactions:read"];

  describe("the register of API keys", () => {
    test("lists a tenant's keys by id, and nobody else's", async () => {
      const [one, other] = [newTenant(), newTenant()];
      await issue({ keyId: "key_b", tenant: one, scopes: read, expiresAt: "2027-01-01T00:00:00.000Z" });
      await issue({ keyId: "key_a", tenant: one, scopes: [] });
      await issue({ keyId: "key_c", tenant: other, scopes: read });
      expect(await apiKeys().list(one)).toEqual([
        { keyId: "key_a", tenant: one, scopes: [] },
        { keyId: "key_b", tenant: one, scopes: ["transactions:read"], expiresAt: "2027-01-01T00:00:00.000Z" },
      ]);
      expect(await apiKeys().list(newTenant())).toEqual([]);
    });

    test("lists all tenants' keys when none is named", async () => {
      const [one, other] = [newTenant(), newTenant()];
      await issue({ keyId: `key_${one}`, tenant: one, scopes: read });
      await issue({ keyId: `key_${other}`, tenant: other, scopes: read });
      const ids = (await apiKeys().list()).map(({ keyId }) => keyId);
      expect(ids).toEqual(expect.arrayContaining([`key_${one}`, `key_${other}`]));
    });

    test("lists more than a page of the table", async () => {
      const tenant = newTenant();
      // DynamoDB reads 1 MB at a time; an item may hold 400 kB.
      const long = "t".repeat(300_000);
      for (let n = 0; n < 5; n++) await issue({ keyId: `key_${n}_${long}`, tenant, scopes: read });
      expect((await apiKeys().list(tenant)).map(({ keyId }) => keyId.slice(0, 5))).toEqual([
        "key_0",
        "key_1",
        "key_2",
        "key_3",
        "key_4",
      ]);
    });

    test("ends the key of that id and tenant, and no other", async () => {
      const [one, other] = [newTenant(), newTenant()];
      const ended = await issue({ keyId: "key_1", tenant: one, scopes: read });
      const kept = await issue({ keyId: "key_2", tenant: one, scopes: read });
      const others = await issue({ keyId: "key_1", tenant: other, scopes: read });
      expect(await apiKeys().revoke({ tenant: one, keyId: "key_1" })).toBe(true);
      expect(await apiKeys().find(ended)).toBeUndefined();
      expect(await apiKeys().find(kept)).toMatchObject({ keyId: "key_2" });
      expect(await apiKeys().find(others)).toMatchObject({ tenant: other });
      expect((await apiKeys().list(one)).map(({ keyId }) => keyId)).toEqual(["key_2"]);
    });

    test("says when there is nothing to end", async () => {
      const tenant = newTenant();
      await issue({ keyId: "key_1", tenant, scopes: read });
      expect(await apiKeys().revoke({ tenant, keyId: "key_9" })).toBe(false);
      expect(await apiKeys().revoke({ tenant, keyId: "key_1" })).toBe(true);
      expect(await apiKeys().revoke({ tenant, keyId: "key_1" })).toBe(false);
    });
  });
}
