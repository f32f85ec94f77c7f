/** `batch template`: rows of a kind to begin with, in the form that `batch run` takes. */
import type { Kind } from "../../lib/domain/transaction.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

/** What a row of an example says, by columns; each kind's rows have the same ones. */
type ExampleRow = Readonly<Record<string, string>>;

const examples: Readonly<Record<Kind, readonly ExampleRow[]>> = {
  spendback: [
    {
      ...{ kind: "spendback", key: "order-1001", connection: "ipayout", "recipient.id": "ben-alice" },
      ...{ amount: "19.99 USD", description: "Order 1001, returned", "metadata.order": "1001" },
    },
    {
      ...{ kind: "spendback", key: "order-1002", connection: "ipayout", "recipient.id": "ben-bob" },
      ...{ amount: "5.00 USD", description: "", "metadata.order": "1002" },
    },
  ],
  refund: [
    {
      ...{ kind: "refund", key: "return-2001", connection: "paysafe", original: "stl-10098" },
      ...{ amount: "100.98 USD", splits: "1001391850=5.75%; 1001391860=5.00 USD", description: "Return 2001" },
    },
    {
      ...{ kind: "refund", key: "return-2002", connection: "paysafe", original: "stl-100" },
      ...{ amount: "5.00 USD", splits: "", description: "Partly" },
    },
  ],
  cashback: [
    {
      ...{ kind: "cashback", key: "bonus-3001", connection: "sipay", "receiver.walletNumber": "637606074" },
      ...{ amount: "25.00 TRY", description: "November's bonus" },
    },
    {
      ...{ kind: "cashback", key: "bonus-3002", connection: "sipay", "receiver.walletNumber": "637606074" },
      ...{ amount: "10.00 TRY", description: "" },
    },
  ],
};

export interface TemplateOptions {
  readonly kind: Kind;
  readonly jsonl?: boolean;
}

export async function showTemplate({ kind, jsonl = false }: TemplateOptions, { terminal }: Context): Promise<number> {
  const rows = examples[kind];
  const text = jsonl ? rows.map(jsonLine).join("") : csvText(rows);
  terminal.show({ kind, format: jsonl ? "jsonl" : "csv", text }, () => text);
  return exitCodes.done;
}

function csvText(rows: readonly ExampleRow[]): string {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

function quoted(cell: string): string {
  return cell.includes(",") ? `"${cell}"` : cell;
}

/** `recipient.id` stands within `recipient`; a list of shares is the API's. */
function jsonLine(row: ExampleRow): string {
  const item: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row).filter(([, text]) => text !== "")) {
    const [group = "", inner] = name.split(".");
    if (inner === undefined) item[name] = value;
    else item[group] = { ...(item[group] as object | undefined), [inner]: value };
  }
  return `${JSON.stringify(item)}\n`;
}
