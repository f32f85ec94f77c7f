/** What a stage may set, read from the environment (`.env` and `.env.<stage>`). */
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
