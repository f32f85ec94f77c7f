/** A budget for what this stage costs: heard of when four fifths are spent, and when a month is on its way above it. */
import { physicalName } from "./names.ts";
import type { Settings } from "./settings.ts";

export function createBudget({ budgetDollars }: Settings, topic: aws.sns.Topic): void {
  const notification = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: [topic.arn],
  });
  new aws.budgets.Budget("Budget", {
    name: physicalName("budget"),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(budgetDollars),
    limitUnit: "USD",
    // Costs are told apart by tag once an administrator has activated it: docs/deploy.md. Of several values any would do, so it is one.
    costFilters: [{ name: "TagKeyValue", values: [`user:app-stage$${$app.name}-${$app.stage}`] }],
    notifications: [notification("ACTUAL", 80), notification("FORECASTED", 100)],
  });
}
