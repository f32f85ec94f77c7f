/** `npm run demo`: a spendback from call to proven outcome, and what goes wrong on the way, on a stack of its own. */
import { demoClient } from "./demo-client.ts";
import { tellStory } from "./demo-steps.ts";
import { isRight, tableOf } from "./demo-table.ts";
import { takeTour } from "./demo-tour.ts";
import { startStack } from "./stack.ts";

async function main(): Promise<boolean> {
  const logged: string[] = [];
  const stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, onLog: (line) => logged.push(line) });
  try {
    const client = demoClient(stack);
    const [connection] = await client.connections();
    if (!connection) throw new Error("the local stack has no connection");
    process.stdout.write(
      `\nA stack of its own is up: API, flow, DynamoDB (${stack.dynamoDbKind}), provider sandbox.\n\n`,
    );
    const story = await tellStory(client, connection.id, connection.provider);
    process.stdout.write(`${tableOf(story, process.stdout.isTTY ?? false)}\n\n`);
    process.stdout.write("One transaction of each kind at each provider:\n\n");
    const tour = await takeTour(client, stack);
    process.stdout.write(`${tableOf(tour, process.stdout.isTTY ?? false)}\n\n`);
    const steps = [...story, ...tour];
    const wrong = steps.filter((step) => !isRight(step));
    process.stdout.write(
      wrong.length === 0
        ? `All ${steps.length} as they should be. The money moved once each time, and every outcome was proven.\n`
        : `${wrong.length} of ${steps.length} are not as they should be. The Lambdas' log:\n${logged.join("\n")}\n`,
    );
    return wrong.length === 0;
  } finally {
    await stack.stop();
  }
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
