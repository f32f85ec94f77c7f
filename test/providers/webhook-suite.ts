/** Deliveries for the providers' webhook tests, and what each provider must make of hostile ones. */
import { expect, test } from "vitest";
import type { WebhookCalls, WebhookDelivery } from "../../lib/providers/port.ts";
import { fc } from "../property.ts";

/** The transaction that the tests' bodies are about. */
export const reference = "txn_01jf8z3k5w9q7r2m4n6p8s0t1v";

/** When the tests' signatures were made: 1793268000 in Unix seconds. */
export const signedAt = new Date("2026-10-29T10:00:00Z");

export function secondsLater(seconds: number): Date {
  return new Date(signedAt.getTime() + seconds * 1_000);
}

/** Two bytes that no UTF-8 text has, within JSON. */
export const brokenBody = Buffer.from('{"id":"\xff\xfe"}', "latin1");

/** Bodies that look like the broken one as soon as they are decoded. */
export const lookalikes = [
  ["other broken bytes", Buffer.from('{"id":"\xfe\xff"}', "latin1")],
  ["the replacement characters themselves", Buffer.from('{"id":"\ufffd\ufffd"}')],
] as const;

export function deliveryOf(
  body: string | Buffer,
  headers: WebhookDelivery["headers"] = {},
  url = "https://api.example.com/v1/webhooks/here",
): WebhookDelivery {
  return { body: Buffer.from(body), headers, url };
}

const hostileBodies: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["null", "null"],
  ["a number", "1e400"],
  ["a list", "[]"],
  ["half a JSON text", '{"payload":{'],
  ["members that are no objects", '{"data":7,"payload":[],"id":{},"spendbackId":[1],"eventType":{}}'],
  ["members of Object's own", '{"__proto__":{"id":1},"constructor":null,"toString":1}'],
  ["a deep nest", "[".repeat(200_000)],
  ["a deep nest of objects", `${'{"data":'.repeat(30_000)}1${"}".repeat(30_000)}`],
  ["a huge text", `"${"txn_".repeat(2_000_000)}"`],
];

/** Registers that nothing throws, and that with a secret only what is signed is authentic. */
export function hostileSuite(headerNames: readonly string[], open: () => readonly WebhookCalls[]): void {
  test.each(hostileBodies)("never throws for %s, and takes it for nobody's word", (_, body) => {
    for (const { read } of open()) {
      for (const headers of [{}, Object.fromEntries(headerNames.map((name) => [name, "t=1793268000,v1=0"]))]) {
        const reading = read(deliveryOf(body, headers));
        expect(reading).not.toMatchObject({ kind: "authentic" });
        if (reading.kind === "unsigned") {
          expect(reading.hint).toStrictEqual({ references: [], providerTransactionIds: [] });
        }
      }
    }
  });

  test("never throws, whatever bytes and headers come", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each));
    const header = fc.oneof(
      bytes.map((each) => each.toString("latin1")),
      fc.constantFrom(undefined, ",", "t=,v1=", "=", "t=1,v1=\0"),
    );
    const headers = fc.record(Object.fromEntries(headerNames.map((name) => [name, header])));
    const body = fc.oneof(
      bytes,
      fc.json().map((text) => Buffer.from(text)),
    );
    const connectors = open();
    fc.assert(
      fc.property(body, headers, fc.string(), (delivered, given, url) => {
        for (const { read } of connectors) expect(read(deliveryOf(delivered, given, url)).kind).not.toBe("authentic");
      }),
      { numRuns: 300 },
    );
  });
}
