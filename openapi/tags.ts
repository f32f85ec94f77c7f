/** The groups of operations, in the order in which they are read. */

export const tags = {
  "Money back": "Spendbacks, refunds and cashbacks: the three ways in which money goes back.",
  Transactions: "What became of each, and what an operator can do about it.",
  Batches: "Many requests at once: checked together, carried out one by one at the pace of their connections.",
  Accruals: "Cashbacks that are collected and paid together, and the schedules that say when.",
  Connections: "The providers behind the service: what lies there, and whether they take the credentials.",
  Webhooks: "Addresses of yours that are told of every change.",
  Providers: "What providers send by themselves.",
  Service: "How the service is, and what it can do.",
} as const;

export type Tag = keyof typeof tags;
