/** i-payout's webhooks, by both published recipes. The signatures were made with Python's hmac, not with the code under test. */
import { describe, expect, test } from "vitest";
import {
  brokenBody,
  deliveryOf,
  hostileSuite,
  lookalikes,
  reference,
  secondsLater,
  signedAt,
} from "../webhook-suite.ts";
import { type ConnectionOptions, webhooksOf } from "./sample-connection.ts";

const url = "https://api.example.com/v1/webhooks/ipayout";
const registered = "https://hooks.example.com/ipayout";
const body = `{"event":"PAYMENT.STATUS.UPDATED","data":{"merchantReferenceId":"${reference}"}}`;
const time = "1793268000";
const hashed = { webhookSecret: "ipayout-public-key" };
const plain = { ...hashed, webhookSignature: "plain" };
const hashedSignature = "e7PqHBFyTfvtNwar8eczswJcURbE3WwW+3KXncfljBs=";
const plainSignature = "O6uDUzFIBJWWcDKHawWMXPqd/w6M4XxOhSXteCHjtDM=";

const authentic = { kind: "authentic", hint: { references: [reference], providerTransactionIds: [] } };
const noHint = { references: [], providerTransactionIds: [] };
const wrong = { kind: "refused", detail: "a signature that does not fit" };

interface Delivered {
  readonly body?: string | Buffer;
  readonly time?: string | undefined;
  readonly signature?: string | undefined;
  readonly url?: string;
  readonly options?: ConnectionOptions;
  readonly now?: Date;
}

function read(changes: Delivered = {}) {
  const all = { body, time, signature: hashedSignature, url, options: hashed, now: signedAt, ...changes };
  const headers = { "x-timestamp": all.time, "x-signature": all.signature };
  return webhooksOf(all.options, all.now).read(deliveryOf(all.body, headers, all.url));
}

describe("a signed delivery", () => {
  test("is authentic by the recipe with the inner hash, unless told otherwise", () => {
    expect(read()).toStrictEqual(authentic);
    expect(read({ options: { ...hashed, webhookSignature: "hashed" } })).toStrictEqual(authentic);
  });

  test("is authentic by the recipe without it, where the connection says so", () => {
    expect(read({ options: plain, signature: plainSignature })).toStrictEqual(authentic);
  });

  test("is refused by the other recipe", () => {
    expect(read({ options: plain })).toStrictEqual(wrong);
    expect(read({ signature: plainSignature })).toStrictEqual(wrong);
  });

  test.each([
    ["1793268000000", hashed, "/JFGtXlcGRgC8wPZpqxyCRvvZCr+0VcztCMSnJipyzA="],
    ["1793268000000", plain, "BMwoqqkOt+ZdAzW0nbWGrHqyR85xcbNqekB9zNbHsm4="],
    ["2026-10-29T10:00:00Z", hashed, "vSmmIW36t8YWwQ1WvoboihHi7MUe34oTtHWgcxT0IPk="],
    ["2026-10-29T10:00:00Z", plain, "lNhz/E+GKZZbvpIR16JEUO7I9AnrrCqFsOVRuWUGC0s="],
  ])("is authentic with the time as %s", (stamp, options, signature) => {
    expect(read({ time: stamp, options, signature })).toStrictEqual(authentic);
    expect(read({ time: stamp, options, signature, now: secondsLater(301) }).kind).toBe("refused");
  });

  test.each([
    [hashed, "d/a7TQ/P6ZBB8Q6attj06N1Z+zKPjuRz8rY9jskA0LE="],
    [plain, "AvbpXzsCw3Xb9z25R62fIEe36tUJqDuniZ4x8anNvmk="],
  ])("covers the address as it was registered, where that is another", (options, signature) => {
    expect(read({ options: { ...options, webhookUrl: registered }, signature })).toStrictEqual(authentic);
    expect(read({ options, signature, url: registered })).toStrictEqual(authentic);
    expect(read({ options, signature })).toStrictEqual(wrong);
  });

  test("is authentic under headers that came twice", () => {
    expect(read({ time: `${time},${time}`, signature: `${hashedSignature}, ${hashedSignature}` })).toStrictEqual(
      authentic,
    );
  });

  test.each([300, -300])("is authentic %d s after it was signed", (seconds) => {
    expect(read({ now: secondsLater(seconds) })).toStrictEqual(authentic);
  });

  test.each([301, -301, 86_400])("is refused %d s after it was signed", (seconds) => {
    expect(read({ now: secondsLater(seconds) })).toStrictEqual({
      kind: "refused",
      detail: "signed too long ago, or in the future",
    });
  });

  test("is refused with a time that is none, though it is signed", () => {
    expect(read({ time: "soon", signature: "awj/ZTD+hOuBs1hZ3l1BqeynZuFMXrA9xJr2UUpd5hg=" })).toStrictEqual({
      kind: "refused",
      detail: "signed too long ago, or in the future",
    });
  });

  test.each<[string, Delivered]>([
    ["another body", { body: body.replace("UPDATED", "CREATED") }],
    ["a body with a byte more", { body: `${body}\n` }],
    ["another time", { time: "1793268001" }],
    ["another address", { url: `${url}/` }],
    ["another key", { signature: "IoQLdQPeXx5If0krUPOTSZfWxtncVFrDhaOiwfnvOqQ=" }],
    ["a key that we do not have", { options: { webhookSecret: "rotated" } }],
    ["half a signature", { signature: hashedSignature.slice(0, 22) }],
    ["the signature without its padding", { signature: hashedSignature.slice(0, -1) }],
  ])("is refused with %s", (_, changes) => {
    expect(read(changes)).toStrictEqual(wrong);
  });

  test.each<[string, Delivered]>([
    ["no signature", { signature: undefined }],
    ["an empty signature", { signature: "" }],
    ["two signatures", { signature: `${hashedSignature},${plainSignature}` }],
    ["no time", { time: undefined }],
    ["two times", { time: `${time},1793268001` }],
  ])("is refused with %s", (_, changes) => {
    expect(read(changes)).toStrictEqual({ kind: "refused", detail: "no readable signature" });
  });

  test.each([
    [hashed, "IxtrWqYa1FaFHH4iXxCmCftAdSqzcVtx3zZAOK+wwfk="],
    [plain, "2Gu/tIFNWwJ72EUXxm4tyGMzD9uqL7XmPoUY4+R8bFM="],
  ])("is verified byte by byte, not as text", (options, signature) => {
    expect(read({ body: brokenBody, options, signature })).toStrictEqual({ kind: "authentic", hint: noHint });
    for (const [, lookalike] of lookalikes) {
      expect(read({ body: lookalike, options, signature })).toStrictEqual(wrong);
    }
  });
});

describe("without a secret", () => {
  test("everything is unsigned, even under a right signature", () => {
    expect(read({ options: {} })).toStrictEqual({ ...authentic, kind: "unsigned" });
    expect(read({ options: {}, signature: undefined })).toStrictEqual({ ...authentic, kind: "unsigned" });
  });
});

test.each([{ webhookSignature: "sha1" }, { webhookUrl: "hooks.example.com" }, { webhookUrl: "" }])(
  "a connection with %j is refused",
  (options) => {
    expect(() => webhooksOf(options, signedAt)).toThrow(/^the connection is wrong: webhook/);
  },
);

describe("a hostile delivery", () => {
  hostileSuite(["x-timestamp", "x-signature"], () => [
    webhooksOf(hashed, signedAt),
    webhooksOf(plain, signedAt),
    webhooksOf({}, signedAt),
  ]);
});
