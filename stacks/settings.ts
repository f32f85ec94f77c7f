/** What a stage may set, read from the environment (`.env` and `.env.<stage>`), and the names of what is deployed. */
import { readEventSources } from "../lib/lambda/event-sources.ts";

/** Absent ones are left out of the app, not guessed. docs/deploy.md says what each does. */
export interface Settings {
  readonly domain?: string;
  readonly alarmEmail?: string;
  readonly budgetDollars: number;
  /** Web pages that may call the API from a browser. None unless named: keys do not belong into browsers. */
  readonly corsOrigins: readonly string[];
  /** JSON: which sources on the bus may act for which tenants. */
  readonly eventSources?: string;
  /** An account whose limit is still the 10 of a new one can reserve nothing. */
  readonly reservesConcurrency: boolean;
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const {
    MONEYBACK_DOMAIN: domain,
    MONEYBACK_ALARM_EMAIL: alarmEmail,
    MONEYBACK_BUDGET_DOLLARS: budget = "50",
    MONEYBACK_CORS_ORIGINS: origins = "",
    MONEYBACK_EVENT_SOURCES: eventSources,
    MONEYBACK_RESERVED_CONCURRENCY: reserved = "on",
  } = environment;
  if (!/^[1-9]\d*$/.test(budget)) throw new Error(`MONEYBACK_BUDGET_DOLLARS is "${budget}", not whole dollars`);
  if (reserved !== "on" && reserved !== "off") {
    throw new Error(`MONEYBACK_RESERVED_CONCURRENCY is "${reserved}", neither on nor off`);
  }
  return {
    ...(domain && { domain }),
    ...(alarmEmail && { alarmEmail }),
    budgetDollars: Number(budget),
    corsOrigins: readOrigins(origins),
    ...(eventSources && { eventSources: readable(eventSources) }),
    reservesConcurrency: reserved === "on",
  };
}

/** What browsers call an origin: scheme, host and port, and nothing behind them. */
function readOrigins(text: string): string[] {
  const origins = text.split(",").map((origin) => origin.trim());
  return origins.filter((origin) => {
    if (origin === "") return false;
    if (/^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) return true;
    throw new Error(`MONEYBACK_CORS_ORIGINS has "${origin}", which is no origin such as https://shop.example.com`);
  });
}

/** Read here as the function will, so that it is not the first event that finds a slip. */
function readable(eventSources: string): string {
  try {
    readEventSources(eventSources);
    return eventSources;
  } catch {
    throw new Error(`MONEYBACK_EVENT_SOURCES is ${eventSources}, not JSON such as {"shop.orders":["acme"]}`);
  }
}

/** `moneyback-production-flow`: what an operator looks for, and no two stages of an account share. */
export function physicalName(what: string): string {
  return `${$app.name}-${$app.stage}-${what}`;
}

/** `create-spendback` to `CreateSpendback`: how SST names components. */
export function componentName(what: string): string {
  return what.replace(/(?:^|-)([a-z\d])/g, (_dash, letter: string) => letter.toUpperCase());
}

export const isProduction = () => $app.stage === "production";

/** Whether what holds the data stays when the app is removed, as sst.config.ts says of the stage. SST asks the same for tables. */
export const outlivesTheApp = () => $app.removal !== "remove";
