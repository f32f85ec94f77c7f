/** The demo's story: the provider's own how-to step by step, and then what goes wrong in real life. */
import type { DemoClient, Received } from "./demo-client.ts";

/** One line of the table. It is right when what happened reads the same as what should. */
export interface Step {
  readonly what: string;
  readonly expected: string;
  readonly happened: string;
}

/** A wallet of the sandbox, with 1000.00 USD in it. */
const recipient = { id: "ben-alice" };
const currency = "USD";

/** How many callers press the button at once. */
const callers = 40;

export async function tellStory(client: DemoClient, connection: string, provider: string): Promise<Step[]> {
  const steps: Step[] = [];
  const tell = (what: string, expected: string, happened: string) => steps.push({ what, expected, happened });
  const order = (value: number) => ({ connection, recipient, amount: { value, currency } });
  const wallet = async () => dollars(await client.balance(connection, recipient.id, currency));

  tell("Balance of the wallet", "1000.00 USD", await wallet());

  await client.forgetRequests();
  const first = await client.spendback("demo-first", order(10_000));
  tell("Spend back 100.00 USD", "201 succeeded", `${first.httpStatus} ${first.transaction.status}`);
  tell("… what the provider saw", "authenticate, balance, spendback", names(await client.requests()));
  tell("… balance afterwards", "900.00 USD", await wallet());

  const again = await client.spendback("demo-first", order(10_000));
  const replayed = again.isReplay ? "replayed" : "not replayed";
  const same = again.transaction.id === first.transaction.id ? "same transaction" : "another transaction";
  tell("The same call again", "replayed, same transaction", `${replayed}, ${same}`);
  tell("… movements at the provider", "1 of 100.00 USD", await moved(client, first.transaction.id));

  const other = await client.spendback("demo-first", order(20_000));
  tell("The same key, another amount", "422", String(other.httpStatus));

  await client.forgetRequests();
  const large = await client.spendback("demo-large", order(500_000));
  tell("Spend back 5000.00 USD", "failed, insufficient_funds", ending(large.transaction));
  tell("… money calls made", "none", names((await client.requests()).filter(isMoneyCall)));

  const crowd = await Promise.all(Array.from({ length: callers }, () => client.spendback("demo-crowd", order(2_500))));
  const ids = new Set(crowd.map(({ transaction }) => transaction.id));
  tell(`${callers} callers, one key`, "1 transaction", `${ids.size} transaction${ids.size === 1 ? "" : "s"}`);
  tell("… movements at the provider", "1 of 25.00 USD", await moved(client, [...ids][0] ?? ""));

  await client.arm({ provider, operation: "spendback", fault: "reset-after", times: 1 });
  await client.forgetRequests();
  const lost = await client.spendback("demo-lost", order(5_000));
  tell("The money moves, the answer is lost", "201 succeeded", `${lost.httpStatus} ${lost.transaction.status}`);
  tell("… money calls made, lookups after", "spendback, lookup", names((await client.requests()).filter(isDecisive)));
  tell("… movements at the provider", "1 of 50.00 USD", await moved(client, lost.transaction.id));

  tell("Balance at the end", "825.00 USD", await wallet());
  return steps;
}

function isMoneyCall({ operation }: Received): boolean {
  return operation === "spendback";
}

function isDecisive({ operation }: Received): boolean {
  return operation === "spendback" || operation === "lookup";
}

/** Operations in the order they came; one that was repeated in a row is named once. */
function names(requests: readonly Received[]): string {
  const operations = requests.map(({ operation }) => operation).filter((name, place, all) => name !== all[place - 1]);
  return operations.join(", ") || "none";
}

async function moved(client: DemoClient, reference: string): Promise<string> {
  const movements = await client.movements(reference);
  return `${movements.length} of ${movements.map(({ amount }) => dollars(amount.value)).join(" and ") || "nothing"}`;
}

function ending({ status, failure }: { status: string; failure?: { code: string } }): string {
  return failure ? `${status}, ${failure.code}` : status;
}

function dollars(cents: number): string {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
}
