/**
 * Stands in for the SDK's checksums in the bundles: Node's own SHA-256, which signs our calls, without the eleven others and what
 * they fall back to where Node has no crypto; 4 kB. Only the bundler names this file.
 */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";

/** Same name and shape as in `@smithy/core/checksum`: with a secret it is an HMAC. */
export class Sha256 {
  readonly #secret: NodeJS.ArrayBufferView | ArrayBuffer | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: NodeJS.ArrayBufferView | ArrayBuffer | string) {
    this.#secret = secret;
    this.#hash = this.#begin();
  }

  update(data: NodeJS.ArrayBufferView): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    if (this.#secret === undefined) return createHash("sha256");
    return createHmac("sha256", this.#secret instanceof ArrayBuffer ? Buffer.from(this.#secret) : this.#secret);
  }
}
