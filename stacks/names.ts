/** The names of what is deployed, and what a stage's name says about it. */

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
