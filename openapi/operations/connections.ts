/** The calls that ask a provider something now, and move nothing. */
import { ShownBalance, ShownConnectionCheck } from "../../lib/lambda/shown-connection.ts";
import { balance, connectionCheck } from "../examples/answers.ts";
import { balanceQuery, connectionId } from "../examples/requests.ts";
import type { Operation } from "../operation.ts";

export const connectionOperations = {
  "get-balance": {
    tag: "Connections",
    summary: "Read a balance",
    description: "What the provider says lies in a wallet now, or what is left of a payment to refund.",
    fields: {
      connection: { description: "The id of a connection.", minLength: 1 },
      account: "The wallet or payment, as the provider names it.",
      currency: { description: "An active ISO 4217 code.", pattern: "^[A-Z]{3}$" },
    },
    examples: [{ title: "A payee's wallet", parameters: balanceQuery }],
    answers: { 200: { text: "What lies there.", shows: ShownBalance, example: balance } },
    problems: ["unknown_connection", "unsupported_operation", "not_found", "provider_refused", "provider_unavailable"],
  },
  "check-connection": {
    tag: "Connections",
    summary: "Check a connection",
    description:
      "Logs in at the connection's provider now, with the settings as they are now, and says what came of it. Whatever that is, the answer is 200. It moves nothing.",
    fields: { id: "The connection's id." },
    examples: [{ title: "One", parameters: { id: connectionId } }],
    answers: { 200: { text: "What came of the login.", shows: ShownConnectionCheck, example: connectionCheck } },
    problems: ["unknown_connection"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
