/** What every refusal shows, for the API's description; `problem.ts` makes it. */
import * as z from "zod/mini";
import { problems } from "../domain/errors.ts";
import { countField, textField } from "./shown-field.ts";

const codes = Object.keys(problems) as (keyof typeof problems)[];

const WrongField = z
  .object({
    row: z.exactOptional(countField("Of a batch: the row, counted from 1 within the call.")),
    path: textField("Where it stands, members and array places separated by full stops.", "amount.value"),
    message: textField("What would be right."),
  })
  .check(z.meta({ id: "WrongField", description: "A field that is wrong." }));

export const ShownProblem = z
  .object({
    type: textField("`urn:moneyback:problem:` and the code."),
    title: textField("The code in words."),
    status: z.int().check(z.describe("The HTTP status.")),
    detail: textField("What is wrong this time, and what would be right."),
    code: z.enum(codes).check(z.describe("What to branch on.")),
    errors: z.exactOptional(z.array(WrongField).check(z.describe("Every wrong field at once."))),
    requestId: textField("The same as in `X-Request-Id`, and in the service's log."),
  })
  .check(z.meta({ id: "Problem", description: "Why a call was refused, as RFC 9457 has it." }));
export type ShownProblem = z.infer<typeof ShownProblem>;
