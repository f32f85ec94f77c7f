/** Facts about reading a file of rows: what spreadsheets write is read as it is meant, or refused row by row. */
import { describe, expect, test } from "vitest";
import type { BatchItem } from "../../cli/batch/item.ts";
import { callLimits, partsOf } from "../../cli/batch/parts.ts";
import { planOf } from "../../cli/batch/plan.ts";
import type { RowWishes } from "../../cli/batch/row.ts";
import { rowFileOf } from "../../cli/batch/rows.ts";
import { CommandError } from "../../cli/command-error.ts";
import { fileOf } from "./batch-files.ts";

async function itemsIn(content: string | Buffer, ending = ".csv", wishes: RowWishes = {}): Promise<BatchItem[]> {
  const file = rowFileOf(await fileOf(content, ending), wishes);
  await planOf(file);
  const items: BatchItem[] = [];
  for await (const part of partsOf((await file.pass()).rows, callLimits, () => undefined)) items.push(...part.items);
  return items;
}

/** What is wrong with it: `line 3, amount: …`. */
async function mistakesIn(content: string | Buffer, ending = ".csv", wishes: RowWishes = {}): Promise<string[]> {
  const error: unknown = await itemsIn(content, ending, wishes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CommandError)) throw new Error("it was taken");
  expect(error.exitCode).toBe(1);
  const errors = error.problem["errors"] as { path: string; message: string }[] | undefined;
  return errors?.map(({ path, message }) => `${path}: ${message}`) ?? [error.message];
}

const header = "kind,key,connection,recipient.id,amount\n";
const row = (amount: string) => `${header}spendback,k-1,ipayout,ben,${amount}\n`;
const alice: BatchItem = {
  kind: "spendback",
  key: "k-1",
  connection: "ipayout",
  amount: { value: 1999, currency: "USD" },
  recipient: { id: "ben" },
};

describe("a CSV file", () => {
  test.each([
    ["of commas", "kind,key,connection,recipient.id,amount\nspendback,k-1,ipayout,ben,19.99 USD\n"],
    ["of semicolons", "kind;key;connection;recipient.id;amount\nspendback;k-1;ipayout;ben;19.99 USD\n"],
    ["of tabs", "kind\tkey\tconnection\trecipient.id\tamount\nspendback\tk-1\tipayout\tben\t19.99 USD\n"],
    [
      "that says its separator",
      "sep=;\r\nkind;key;connection;recipient.id;amount\r\nspendback;k-1;ipayout;ben;19.99 USD\r\n",
    ],
    ["with a byte order mark", "\ufeffkind,key,connection,recipient.id,amount\nspendback,k-1,ipayout,ben,19.99 USD\n"],
    ["with Windows' line ends", "kind,key,connection,recipient.id,amount\r\nspendback,k-1,ipayout,ben,19.99 USD\r\n"],
    ["with an old Mac's line ends", "kind,key,connection,recipient.id,amount\rspendback,k-1,ipayout,ben,19.99 USD\r"],
    ["without a last line end", "kind,key,connection,recipient.id,amount\nspendback,k-1,ipayout,ben,19.99 USD"],
    ["with empty rows", `${header}\n,,,,\nspendback,k-1,ipayout,ben,19.99 USD\n\n,,,,\n`],
    ["with empty columns", "kind,key,connection,recipient.id,amount,,\nspendback,k-1,ipayout,ben,19.99 USD,,\n"],
    [
      "with quotes",
      '"kind","key","connection","recipient.id","amount"\n"spendback","k-1","ipayout","ben","19.99 USD"\n',
    ],
    [
      "with spaces and capitals",
      " Kind , KEY,Connection,Recipient.ID ,Amount\n Spendback , k-1,ipayout , ben,19.99 usd \n",
    ],
    [
      "with spaces around quotes",
      'kind, "key" ,connection,"recipient.id"  , "amount"\n "spendback" ,  "k-1", "ipayout" ,"ben", "19.99 USD" \r\n',
    ],
    [
      "with tabs, spaces around quotes and empty cells",
      'kind\tkey\tdescription\tconnection\trecipient.id\tmetadata.a\tamount\nspendback\t "k-1" \t\tipayout\t ben \t ""\t"19.99 USD"\n\t\t\t\t\t\t\n',
    ],
    [
      "with its columns in another order",
      "amount,recipient.id,connection,key,kind\n19.99 USD,ben,ipayout,k-1,spendback\n",
    ],
    [
      "with a currency beside",
      `kind,key,connection,recipient.id,amount,currency\nspendback,k-1,ipayout,ben,19.99,USD\n`,
    ],
  ])("%s is read", async (_how, content) => {
    expect(await itemsIn(content)).toEqual([alice]);
  });

  test("in UTF-16 with its mark is read, in either order of bytes", async () => {
    const text = "\ufeffkind;key;connection;recipient.id;amount;description\nspendback;k-1;ipayout;ben;19.99 USD;Zoë\n";
    const little = Buffer.from(text, "utf16le");
    expect(await itemsIn(little)).toEqual([{ ...alice, description: "Zoë" }]);
    expect(await itemsIn(Buffer.from(little).swap16())).toEqual([{ ...alice, description: "Zoë" }]);
  });

  test("keeps separators, quotes and line breaks within quotes", async () => {
    const content = `kind;key;connection;recipient.id;amount;description;metadata.Note\r\nspendback;k-1;ipayout;ben;19.99 USD;"a; ""b"",\r\nc";=1+1\r\n`;
    expect(await itemsIn(content)).toEqual([{ ...alice, description: 'a; "b",\r\nc', metadata: { Note: "=1+1" } }]);
  });

  test("keeps spaces within quotes out of nothing but the ends of a cell, and counts lines past them", async () => {
    const content = `${header.trimEnd()},description\nspendback,k-1,ipayout,ben,19.99 USD, " a  \n b " \nspendback,k-2,ipayout,ben, "0 USD" ,\n`;
    expect(await mistakesIn(content)).toEqual(["line 4, amount: the amount must be more than zero"]);
    expect(await itemsIn(content.replace('0 USD" ', '1 USD" '))).toMatchObject([
      { description: "a  \n b" },
      { key: "k-2" },
    ]);
  });

  test("has a column for every field of each kind", async () => {
    const refund =
      'kind,key,connection,original,amount,originalAmount,splits,account.accountNumber,account.walletId,account.currency,description\nrefund,r-1,paysafe,stl-1,100.98 USD,200.00 USD,"LA1=5.75%; LA2=5.00 USD",a,w,USD,d\n';
    expect(await itemsIn(refund)).toEqual([
      {
        ...{ kind: "refund", key: "r-1", connection: "paysafe", original: "stl-1", description: "d" },
        amount: { value: 10_098, currency: "USD" },
        originalAmount: { value: 20_000, currency: "USD" },
        splits: [
          { linkedAccount: "LA1", percent: "5.75" },
          { linkedAccount: "LA2", amount: 500 },
        ],
        account: { accountNumber: "a", walletId: "w", currency: "USD" },
      },
    ]);
    const cashback =
      "kind,key,connection,sender.accountNumber,sender.walletNumber,receiver.walletNumber,amount,payout\ncashback,c-1,sipay,0153,12,63,5 TRY,now\n";
    expect(await itemsIn(cashback)).toEqual([
      {
        ...{ kind: "cashback", key: "c-1", connection: "sipay", payout: "now" },
        sender: { accountNumber: "0153", walletNumber: "12" },
        receiver: { walletNumber: "63" },
        amount: { value: 500, currency: "TRY" },
      },
    ]);
    const spendback =
      "kind,key,connection,recipient.ref,recipient.email,amount\nspendback,s-1,nexio,r,jane@example.com,1 USD\n";
    expect(await itemsIn(spendback)).toMatchObject([{ recipient: { ref: "r", email: "jane@example.com" } }]);
  });

  test("takes kind, connection and the key's column from the command line, and a suffix for its keys", async () => {
    const content = "Order No,recipient.id,amount\nk-1,ben,19.99 USD\n";
    const wishes = { kind: "spendback", connection: "ipayout", keyColumn: "order no" };
    expect(await itemsIn(content, ".csv", wishes)).toEqual([alice]);
    expect(await itemsIn(content, ".csv", { ...wishes, keySuffix: "-b" })).toEqual([{ ...alice, key: "k-1-b" }]);
    const original = "original,amount\nstl-1,1 USD\n";
    expect(
      await itemsIn(original, ".csv", { kind: "refund", connection: "paysafe", keyColumn: "original" }),
    ).toMatchObject([{ key: "stl-1", original: "stl-1" }]);
  });

  test.each([
    ["19,99 USD", '"19,99" has a decimal comma: write a point before the decimals, 19.99'],
    ['"1,234.56 USD"', '"1,234.56" cannot be read for sure'],
    ["1.234.56 USD", "cannot be read for sure"],
    ["1'234.56 USD", "cannot be read for sure"],
    ["1 234.56 USD", "cannot be read for sure"],
    ["1.999 USD", "USD has 2 decimals"],
    ["19.99", "the currency is missing"],
    ["$19.99", "write the currency as its code"],
    ["19.99 ZZZ", "is not an active ISO 4217 currency"],
    ["1.23E+05", '"1.23E+05" is what a spreadsheet makes of a long number'],
    ["0 USD", "must be more than zero"],
    ["-5.00 USD", "must be more than zero"],
    ["########", "is a spreadsheet's error"],
    ["#REF!", "is a spreadsheet's error"],
    ["", "is required"],
  ])("with the amount %j is refused", async (amount, why) => {
    const content = amount.includes(",") && !amount.startsWith('"') ? row(`"${amount}"`) : row(amount);
    const [mistake, ...others] = await mistakesIn(content);
    expect(others).toEqual([]);
    expect(mistake).toContain(why);
    expect(mistake?.startsWith("line 2, amount: ")).toBe(true);
  });

  test("names every mistake of every row, with the line where the row begins", async () => {
    const content = [
      "kind;key;connection;recipient.id;recipient.email;amount;currency;description;metadata.order",
      'spendback;k-1;ipayout;ben;;1 USD;;"two\r\nlines";',
      "spendbak;k-2;ipayout;ben;;1 USD;;;",
      "spendback;;;;no address;1,00 USD;;;",
      "spendback;k-1;ipayout;ben;;1 EUR;USD;;",
      "",
      `spendback;schlüssel;ipayout;1.2E+11;;1 USD;;${"d".repeat(201)};`,
      "spendback;k-3;ipayout",
      "refund;k-4;paysafe;ben;;;USD;;",
      "spendback;k-1;ipayout;ben;;2 USD;;;",
    ].join("\r\n");
    expect(await mistakesIn(content)).toEqual([
      "line 4, kind: must be one of spendback, refund, cashback",
      "line 5, key: is required",
      "line 5, connection: is required",
      "line 5, recipient.email: must be an e-mail address",
      'line 5, amount: "1,00" has a decimal comma: write a point before the decimals, 1.00',
      "line 6, amount: is in EUR, and the column currency says USD",
      'line 6, key: "k-1" is the key of line 2 already: two payments need two keys',
      "line 8, key: write 1 to 255 printable ASCII characters",
      'line 8, recipient.id: "1.2E+11" is what a spreadsheet makes of a long number: give the column the format Text',
      "line 8, description: has 201 characters; at most 200 are taken",
      "line 9: has 3 cells, and the header 9: is there a separator in a text without quotes?",
      "line 10, original: is required",
      "line 10, recipient.id: is no field of a refund",
      "line 10, currency: is the currency of an amount, and there is none",
      'line 11, key: "k-1" is the key of line 2 already: two payments need two keys',
    ]);
  });

  test("refuses shares that do not fit their refund", async () => {
    const head = "kind,key,connection,original,amount,splits\n";
    const line = (at: number, amount: string, splits: string) => `refund,k-${at},paysafe,o,${amount},"${splits}"\n`;
    const content = `${head}${line(1, "10.00 USD", "LA1=5.00 EUR")}${line(2, "10.00 USD", "LA1=50%; LA2=5.01 USD")}${line(3, "", "LA1=5.00 USD")}${line(4, "1 USD", "LA1")}${line(5, "1 USD", "LA1=5.755%")}`;
    expect(await mistakesIn(content)).toEqual([
      "line 2, splits: the share of LA1 is in EUR, and the refund in USD",
      "line 3, splits: the shares sum to 1001, above the refund's 1000",
      "line 4, splits: a share of a fixed amount must be in the refund's currency, which no amount, original amount or account says",
      "line 5, splits: write a share as ACCOUNT=5.75% or ACCOUNT=5.00 USD",
      'line 6, splits: "5.755" is no percentage above 0 and at most 100 with at most two decimals, such as 5.75',
    ]);
  });

  test("names a repeated key also where the first row with it is wrong in another way, or both are", async () => {
    const row = (amount: string) => `spendback,z1,ipayout,ben,${amount}\n`;
    const repeated = 'key: "z1" is the key of line 2 already: two payments need two keys';
    expect(await mistakesIn(header + row("0 USD") + row("1 USD") + row('"1,5 USD"'))).toEqual([
      "line 2, amount: the amount must be more than zero",
      `line 3, ${repeated}`,
      expect.stringContaining("line 4, amount: "),
      `line 4, ${repeated}`,
    ]);
  });

  test("refuses columns that it does not know, has twice, or misses", async () => {
    const unknown =
      "kind,key,connection,recipientid,ammount,reciever.walletNumber,colour,Key\nspendback,k,c,r,1 USD,,,\n";
    expect(await mistakesIn(unknown)).toEqual([
      "line 1, recipientid: is no known field: did you mean recipient.id?",
      "line 1, ammount: is no known field: did you mean amount?",
      "line 1, reciever.walletNumber: is no known field: did you mean receiver.walletNumber?",
      "line 1, colour: is no known field",
      "line 1, Key: stands there twice",
    ]);
    const missing = await mistakesIn("description\nd\n", ".csv", { kind: "cashback" });
    expect(missing.map((text) => text.split(": ")[0])).toEqual([
      "line 1, key",
      "line 1, connection",
      "line 1, amount",
      "line 1, receiver.walletNumber",
    ]);
    expect(missing[0]).toContain("the same key never pays twice");
    expect(await mistakesIn("amount\n1 USD\n")).toContain("line 1, kind: is missing; --kind names it for all rows");
    expect(await mistakesIn(row("1 USD"), ".csv", { keyColumn: "Order" })).toEqual(["line 1, Order: is missing"]);
  });

  test("refuses what belongs to no column", async () => {
    expect(await mistakesIn(`${header}spendback,k-1,ipayout,ben,19.99 USD,surplus\n`)).toEqual([
      "line 2: has 6 cells, and the header 5: is there a separator in a text without quotes?",
    ]);
    expect(await mistakesIn("kind,key,connection,recipient.id,amount,\nspendback,k,c,r,1 USD,x\n")).toEqual([
      "line 2, column 6: has no name in the header",
    ]);
  });

  test.each([
    [
      "a quote that nobody closes",
      `${header}spendback,k-1,ipayout,ben,1 USD\nspendback,"k-2,ipayout,ben,1 USD\n`,
      "line 3: a quote is opened and never closed",
    ],
    [
      "a quote within a field",
      `${header}spendback,k"1,ipayout,ben,1 USD\n`,
      "line 2: a quote stands in the middle of a field",
    ],
    ["text behind a quote", `${header}spendback,"k"1,ipayout,ben,1 USD\n`, "line 2: something follows a closing quote"],
    [
      "text behind a quote and a space",
      `${header}spendback,"k" 1,ipayout,ben,1 USD\n`,
      "line 2: something follows a clo",
    ],
    [
      "a quote behind a quote",
      `${header}spendback,"k" "1",ipayout,ben,1 USD\n`,
      "line 2: a quote stands in the middle",
    ],
    [
      "columns between |",
      `${header.replaceAll(",", "|")}spendback|k-1|ipayout|ben|1 USD\n`,
      "line 1: the columns are separated by |: separate them by commas, semicolons or tabs",
    ],
    ["nothing in it", "", "line 1: the file is empty"],
    ["a header only", header, "line 1: the file has no rows"],
    [
      "Latin-1 letters",
      Buffer.from(`${header}spendback,k-1,ipayout,ben,1 USD\nspendback,k-2,ipayout,Zoë,1 USD\n`, "latin1"),
      "line 3 is not UTF-8",
    ],
    ["UTF-16 without a mark", Buffer.from(header, "utf16le"), "line 1 holds a zero byte: is the file UTF-16?"],
    [
      "half a character of UTF-16 at its end",
      Buffer.concat([Buffer.from(`\ufeff${header}`, "utf16le"), Buffer.from([65])]),
      "begins as UTF-16 and does not go on so",
    ],
    ["a workbook in it", Buffer.from("PK\u0003\u0004…"), "is a workbook: save it as CSV"],
  ])("with %s is refused", async (_what, content, why) => {
    const [mistake, ...others] = await mistakesIn(content);
    expect([mistake, others]).toEqual([expect.stringContaining(why), []]);
  });
});

describe("a JSON Lines file", () => {
  const lines = (...items: object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join("\n");

  test("is read as the API takes it, with amounts also as people write them", async () => {
    const rest = { kind: "spendback", key: "k-1", connection: "ipayout", recipient: { id: "ben" } };
    const content = lines(
      { ...rest, amount: { value: 1999, currency: "USD" } },
      { ...rest, key: "k-2", amount: "19.99 USD" },
    );
    expect(await itemsIn(content, ".jsonl")).toEqual([alice, { ...alice, key: "k-2" }]);
    const split = {
      kind: "refund",
      key: "r",
      connection: "p",
      original: "o",
      splits: [{ linkedAccount: "a", percent: 5 }],
    };
    expect(await itemsIn(lines(split), ".ndjson")).toEqual([split]);
    const noted = { ...rest, amount: "1 USD", metadata: { "a.b": "", __proto__x: "y" } };
    expect(await itemsIn(`\ufeff${lines(noted)}`, ".jsonl")).toMatchObject([
      { metadata: { "a.b": "", __proto__x: "y" } },
    ]);
  });

  test("names what is wrong with each line", async () => {
    const good = { kind: "spendback", key: "k", connection: "c", recipient: { id: "r" }, amount: "1 USD" };
    const content = [
      "[",
      "",
      JSON.stringify({ ...good, amount: 19.99 }),
      JSON.stringify({ ...good, recipient: { id: 5 }, key: 7 }),
      JSON.stringify({ ...good, key: "k-5", recipient: { name: "r" } }),
      JSON.stringify({ ...good, key: "k-6", amount: { value: 1.5, currency: "USD" } }),
      JSON.stringify({ ...good, key: "k-7", recipient: "r", colour: "red", amount: 5 }),
      JSON.stringify({ ...good, key: "k-8", description: null }),
      JSON.stringify({ ...good, key: "k-9", currency: 5 }),
      JSON.stringify({ ...good, colour: "red" }),
      JSON.stringify({ ...good, key: "k-7" }),
    ].join("\n");
    expect(await mistakesIn(content, ".jsonl")).toEqual([
      'line 1: must be one JSON object, such as {"kind": "refund", "key": …}',
      'line 3, amount: write "19.99 USD", or {"value": 1999, "currency": "USD"}',
      "line 4, key: must be text, in quotes",
      "line 4, recipient.id: must be text, in quotes",
      "line 5, recipient.name: is no known field: did you mean recipient.id?",
      "line 6, amount: an amount is a whole number of minor units from 1 to 1000000000000, not 1.5",
      "line 7, recipient: is no known field: did you mean recipient.id?",
      "line 7, colour: is no known field",
      'line 7, amount: write "19.99 USD", or {"value": 1999, "currency": "USD"}',
      "line 8, description: must be text, in quotes",
      "line 9, currency: is the currency of an amount, and there is none",
      "line 10, colour: is no known field",
      'line 10, key: "k" is the key of line 3 already: two payments need two keys',
      'line 11, key: "k-7" is the key of line 7 already: two payments need two keys',
    ]);
  });
});

test("a file of any other name is refused, and one that is not there", async () => {
  expect(() => rowFileOf("payouts.xlsx", {})).toThrow("is neither .csv nor .jsonl");
  await expect(planOf(rowFileOf("/nowhere/payouts.csv", {}))).rejects.toThrow("cannot be read");
});

test("a file is cut into parts of 5,000 rows or nearly 5 MiB, the same ones every time, whatever its form", async () => {
  const cut = async (content: string, ending: string) => {
    const sizes: [number, number][] = [];
    const digests: string[] = [];
    const file = rowFileOf(await fileOf(content, ending), {});
    for await (const { items, digest } of partsOf((await file.pass()).rows, callLimits, () => undefined)) {
      sizes.push([items.length, Buffer.byteLength(JSON.stringify(items))]);
      digests.push(digest);
    }
    return { sizes, digests, planned: (await planOf(file)).digests };
  };
  const keys = Array.from({ length: 5_001 }, (_, at) => `k-${at}`);
  const small = await cut(`${header}${keys.map((key) => `spendback,${key},ipayout,ben,1 USD\n`).join("")}`, ".csv");
  expect(small.sizes.map(([rows]) => rows)).toEqual([5_000, 1]);
  expect(small.planned).toEqual(small.digests);
  const rest = { connection: "ipayout", recipient: { id: "ben" }, amount: "1 USD" };
  const asJson = keys.map((key) => `${JSON.stringify({ kind: "spendback", ...rest, key })}\n`).join("");
  expect((await cut(asJson, ".jsonl")).digests).toEqual(small.digests);
  const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`n-${at}`, "ü".repeat(200)]));
  const large = keys.slice(0, 1_000).map((key) => `${JSON.stringify({ kind: "spendback", ...rest, key, metadata })}\n`);
  const { sizes } = await cut(large.join(""), ".jsonl");
  expect(sizes).toHaveLength(2);
  for (const [, bytes] of sizes) expect(bytes).toBeLessThan(5 * 1024 * 1024 - 4_000);
});
