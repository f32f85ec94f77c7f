/// <reference path="./.sst/platform/config.d.ts" />
/** The deployed app, as SST reads it: `npx sst deploy --stage production`. What it is made of stands in stacks/. */
export default $config({
  app(input) {
    const isProduction = input.stage === "production";
    return {
      name: "moneyback",
      home: "aws",
      // Production cannot be removed by accident, and what holds its data outlives even a removal that was meant.
      protect: isProduction,
      removal: isProduction ? "retain" : "remove",
      // The budget counts by the last one: of two tags it would count what has either.
      providers: {
        aws: {
          defaultTags: { tags: { app: "moneyback", stage: input.stage, "app-stage": `moneyback-${input.stage}` } },
        },
      },
    };
  },
  async run() {
    const { moneyback } = await import("./stacks/app.ts");
    return moneyback();
  },
});
