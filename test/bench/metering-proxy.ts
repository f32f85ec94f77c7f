/** A proxy before the DynamoDB emulator that adds up what each table and index consumes. Lambdas do not know it is there. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Units {
  readonly write: number;
  readonly read: number;
}

/** By table or `table/index`, without the tables' common prefix. */
export type UnitsByPlace = Readonly<Record<string, Units>>;

export interface MeteringProxy {
  readonly url: string;
  /** What was consumed since the last call of `take`. */
  take(): UnitsByPlace;
  close(): Promise<void>;
}

const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);
const reads = new Set(["GetItem", "Query", "BatchGetItem", "Scan", "TransactGetItems"]);

interface Consumed {
  readonly TableName: string;
  readonly Table?: { readonly CapacityUnits: number };
  readonly CapacityUnits: number;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits: number }>>;
}

/** Asks for capacity in each data call and forwards everything else as it is. */
export async function startMeteringProxy(target: string, prefix: string): Promise<MeteringProxy> {
  let places = new Map<string, { write: number; read: number }>();

  const add = (place: string, operation: string, units: number) => {
    if (units === 0) return;
    const sum = places.get(place) ?? { write: 0, read: 0 };
    if (writes.has(operation)) sum.write += units;
    else sum.read += units;
    places.set(place, sum);
  };

  const meter = (operation: string, consumed: Consumed) => {
    const table = consumed.TableName.replace(prefix, "");
    add(table, operation, consumed.Table?.CapacityUnits ?? consumed.CapacityUnits);
    for (const [index, { CapacityUnits }] of Object.entries(consumed.GlobalSecondaryIndexes ?? {})) {
      add(`${table}/${index}`, operation, CapacityUnits);
    }
  };

  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
    const isMetered = writes.has(operation) || reads.has(operation);
    const body = isMetered ? JSON.stringify({ ...JSON.parse(text), ReturnConsumedCapacity: "INDEXES" }) : text;
    const { host: _host, "content-length": _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(target, { method: "POST", headers: headers as Record<string, string>, body });
    const answered = await answer.text();
    if (isMetered) {
      const consumed = (JSON.parse(answered) as { ConsumedCapacity?: Consumed | Consumed[] }).ConsumedCapacity;
      for (const one of [consumed ?? []].flat()) meter(operation, one);
      // A refused condition is billed as the write it would have been; the emulator does not say so.
      if (!answer.ok && answered.includes("ConditionalCheckFailed")) {
        add(String(JSON.parse(text).TableName).replace(prefix, ""), operation, 1);
      }
    }
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(answered);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = Object.fromEntries(places);
      places = new Map();
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
