/** Everything that can go wrong in a simulation, and how often it is tried where a run has it. */

/** A fault's rate, per occasion, in a run where it strikes often. */
export const faultRates = {
  // Of processes: at a step.
  "crash-before": 0.02,
  "crash-after": 0.02,
  "machine-crash": 0.002,
  zombie: 0.01,
  pause: 0.1,
  // Per invocation.
  "clock-skew": 1,
  // Of the network: per request to a provider.
  unreachable: 0.1,
  "request-lost": 0.15,
  "request-late": 0.15,
  "response-lost": 0.2,
  "response-late": 0.15,
  // Of a provider: per request.
  "rate-limit": 0.15,
  "error-before": 0.15,
  "error-after": 0.2,
  garbage: 0.15,
  "session-expired": 0.15,
  "pending-then-settled": 0.3,
  "pending-then-failed": 0.3,
  "lookup-lag": 0.3,
  // Of the flow and the schedule: per start, or per minute in which something is due.
  "duplicate-start": 0.3,
  "start-lost": 0.2,
  "start-late": 0.2,
  "duplicate-schedule": 0.2,
  "two-dispatchers": 0.3,
  "schedule-late": 0.2,
  // Of webhooks: per webhook, except the first.
  "webhook-first": 0.3,
  "duplicate-webhook": 0.3,
  "webhook-late": 0.3,
  "webhook-lost": 0.2,
  "webhook-forged": 0.3,
  // Of the database and the secret: per call.
  throttled: 0.03,
  "lost-write-answer": 0.05,
  "stale-read": 0.3,
  "secret-unreadable": 0.15,
  // Of the order of things: per step that overtakes an older one.
  reordered: 0.5,
  // Of the bus: per event.
  "event-lost": 0.2,
  "event-doubled": 0.3,
  "event-late": 0.3,
} as const;

export type FaultName = keyof typeof faultRates;

export const faultNames = Object.keys(faultRates) as readonly FaultName[];
