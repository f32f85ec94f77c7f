/** The SHA-256 that signs the bundles' calls, against published vectors. */
import { describe, expect, test } from "vitest";
import { Sha256 } from "../../lib/lambda/native-sha256.ts";

const hex = async (hash: Sha256) => Buffer.from(await hash.digest()).toString("hex");

describe("the bundles' SHA-256", () => {
  test("hashes as FIPS 180-4 says, however the data comes", async () => {
    const hash = new Sha256();
    hash.update(Buffer.from("a"));
    hash.update(Buffer.from("bc"));
    expect(await hex(hash)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test.each([
    ["text", "Jefe"],
    ["bytes", Buffer.from("Jefe")],
    ["a buffer", Uint8Array.from(Buffer.from("Jefe")).buffer],
  ])("with a secret as %s is the HMAC of RFC 4231, case 2; again after a reset", async (_kind, secret) => {
    const hash = new Sha256(secret);
    hash.update(Buffer.from("something else"));
    hash.reset();
    hash.update(Buffer.from("what do ya want for nothing?"));
    expect(await hex(hash)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  });
});
