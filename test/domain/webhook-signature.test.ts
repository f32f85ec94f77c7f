/** Signatures, against values that were computed by other programs. */
import { expect, test } from "vitest";
import { signatureHeader } from "../../lib/domain/webhook-signature.ts";

const first = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const second = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=";

const content = {
  id: "txn_4g7gcc24zv20mtpwx0ssnzdz2f_4",
  timestamp: 1_795_167_003,
  body: '{"type":"transaction.succeeded","timestamp":"2026-11-20T09:30:03.000Z","data":{"note":"Grüße €"}}',
};

test("is the one that the libraries of Standard Webhooks are tested with", () => {
  const published = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
  expect(signatureHeader(published, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("covers the bytes of the body as UTF-8, and there is one for each secret, the current one's first", () => {
  // Computed with Python's hmac and base64.
  expect(signatureHeader(content, [first, second])).toBe(
    "v1,+jnttySE0H8S1Rv4JN6PDxiqQ29KKS7YFSN9gUulM8c= v1,bk+sHTeEDy6YGSzBBf6wn/WW68brMO17kq5/zVKDnoM=",
  );
});
