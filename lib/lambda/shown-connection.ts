/** What the API shows of connections and of the service itself, for the API's description. */
import * as z from "zod/mini";
import { countField, momentField, textField } from "./shown-field.ts";

const connectionId = textField("The connection's id.", "main");
const provider = textField("The connection's provider.");

export const ShownBalance = z
  .object({
    connection: connectionId,
    account: textField("The wallet, as it was asked for."),
    available: z
      .object({
        value: z.int().check(z.describe("Minor units; zero or, for an overdrawn wallet, negative.")),
        currency: textField("ISO 4217, in capitals.", "USD"),
      })
      .check(z.describe("What lies there.")),
    at: momentField("When the provider said so."),
  })
  .check(z.meta({ id: "Balance", description: "What a provider says lies in a wallet now." }));
export type ShownBalance = z.infer<typeof ShownBalance>;

const detail = textField("Why, in a few words.");

export const ShownConnectionCheck = z
  .object({
    connection: connectionId,
    provider,
    login: z
      .union([
        z.object({ status: z.literal("accepted").check(z.describe("The provider took the credentials.")) }),
        z.object({
          status: z
            .literal("not-needed")
            .check(z.describe("Credentials go with every call; a balance tells whether they are good.")),
        }),
        z.object({ status: z.literal("refused").check(z.describe("It refuses them.")), detail }),
        z.object({ status: z.literal("unavailable").check(z.describe("It does not answer.")), detail }),
      ])
      .check(z.describe("What came of the login.")),
    at: momentField("When."),
  })
  .check(z.meta({ id: "ConnectionCheck", description: "What came of logging in at a provider." }));
export type ShownConnectionCheck = z.infer<typeof ShownConnectionCheck>;

const ShownBreaker = z
  .object({
    state: z
      .enum(["closed", "open", "half-open"])
      .check(
        z.describe("`closed`: it is called. `open`: it is down, and left alone. `half-open`: one caller tries again."),
      ),
    failures: z.exactOptional(countField("How many calls failed in a row.")),
    since: z.exactOptional(momentField("Since when.")),
    retryAt: z.exactOptional(momentField("Nobody calls before.")),
  })
  .check(z.meta({ id: "Breaker", description: "Whether a provider is called, or left alone because it is down." }));

const up = z.enum(["ok", "down"]);

export const ShownHealth = z
  .object({
    status: z
      .enum(["ok", "degraded", "down"])
      .check(z.describe("`degraded`: a connection is not configured, or its provider was down.")),
    database: up.check(z.describe("Whether it can be read.")),
    secret: up.check(z.describe("Whether the connections' settings can be read.")),
    connections: z
      .array(
        z.union([
          z.object({
            id: connectionId,
            provider,
            status: z.literal("configured"),
            breaker: z.exactOptional(ShownBreaker),
          }),
          z.object({
            id: connectionId,
            status: z.literal("unconfigured"),
            problem: textField("What is wrong with its settings."),
          }),
        ]),
      )
      .check(z.describe("All that there are.")),
  })
  .check(z.meta({ id: "Health", description: "Whether the service can do its work." }));
export type ShownHealth = z.infer<typeof ShownHealth>;
