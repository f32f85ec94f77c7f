/** Sipay's answers: its envelope on success and on failure (contract, sections 4 and 8). */

import type { Answer, World } from "../provider.ts";

/** Codes whose meaning is documented, with the documents' words where they print them (310, 311, 300 of the webhook pages). */
export const refusals = {
  walletNotFound: { code: 300, message: "Cüzdan bulunamadı!" },
  duplicate: { code: 301, message: "Mükerrer işlem numarası" },
  sameWallet: { code: 303, message: "Gönderen ve alıcı cüzdan farklı olmalıdır" },
  insufficientFunds: { code: 311, message: "Cüzdan bakiyeniz yetersiz olduğundan işlemi gerçekleştiremiyoruz" },
  alreadyDone: { code: 312, message: "Bu işlem daha önce başarıyla gerçekleştirilmiştir" },
} as const;

export const success = (message: string, payload: unknown): Answer =>
  json(200, { status: 0, code: "100", message, payload });

/** How a movement that is under way is answered is not documented: the code is the sandbox's own. */
export const pending = (payload: unknown): Answer =>
  json(200, { status: 1, code: "101", message: "İşleminiz alınmıştır", payload });

/** `status`, HTTP status and what stands as `payload` beside an error's code are not documented: switches give them. */
export const refusal = ({ switchValue }: World, { code, message }: { code: number; message: string }): Answer => {
  const httpStatus = switchValue("refusal-http");
  const body = { status: Number(switchValue("refusal-status")), code: String(code), message };
  const hasPayload = switchValue("refusal-payload") === "null";
  return json(httpStatus === "code" ? code : Number(httpStatus), hasPayload ? { ...body, payload: null } : body);
};

/** A body that breaks the request's own rules. No document shows such an answer; this is its framework's usual one (inferred). */
export const invalid = (errors: Readonly<Record<string, readonly string[]>>): Answer => ({
  ...json(400, { title: "One or more validation errors occurred.", status: 400, errors }),
  headers: { "content-type": "application/problem+json; charset=utf-8" },
});

/** For statuses that no document shows a body for. */
export const empty = (status: number): Answer => ({ status, body: "" });

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});
