/** What comes before the operations: what a caller should know of all of them. */

export const introduction = `Spendbacks, refunds and cashbacks through the payment providers that you already use, each carried out at most once: a lost answer, a double click or a crashed process never moves money twice, and nothing is lost unseen.

**Amounts** are whole minor units: 19.99 USD is \`1999\`, 1999 JPY is \`1999\`, 1.234 TND is \`1234\`. Currencies are ISO 4217 codes in capitals.

**Repeating a call is safe.** Every call that changes something carries an \`Idempotency-Key\`. The same key and request give what the first call gave, with \`Idempotent-Replayed: true\`; the same key with another request is refused. So whoever hears no answer repeats the call.

**What a transaction's status means:**

* \`pending\`: accepted, nothing sent.
* \`processing\`: sent, or about to be; the provider has not said its last word.
* \`succeeded\`, \`failed\`: by the provider's own word, or because surely nothing was sent. A timer never decides.
* \`canceled\`: taken back before it was carried out.
* \`needs_review\`: the provider cannot tell, and no safe step is left but an operator's.

**Whoever refuses says why.** Refusals are problem documents (RFC 9457): branch on \`code\`, show \`detail\`, and quote \`requestId\`. Only the gateway itself, when it is asked for too much or a function does not answer, says 413, 429 or 503 with nothing but a \`message\`.

**Answers grow.** A newer version may add members to an answer and words to a list that is said to grow; it takes none away.`;

export const keyText =
  "An API key, made by `moneyback keys create`. Each call names the scope that the key must have. Locally: `mbk_local`.";
