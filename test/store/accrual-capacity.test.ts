/** What an accrual costs from its request until it is paid, write by write and index by index. */
import { expect, test } from "vitest";
import { accrualId } from "../../lib/domain/ids.ts";
import type { Payout } from "../../lib/domain/payout.ts";
import { dynamoAccruals } from "../../lib/store/dynamodb-accruals.ts";
import { dynamoPayouts } from "../../lib/store/dynamodb-payouts.ts";
import { physicalName } from "../../local/create-tables.ts";
import { sampleAccrual, samplePayout } from "./accrual-samples.ts";
import { onEmulator } from "./emulator.ts";
import { metered } from "./metered.ts";

const table = physicalName("Accruals");

/** As an order of a shop makes it. */
function typical(tenant: string, n: number) {
  return sampleAccrual(tenant, n, {
    id: accrualId(tenant, `order-${n}`),
    description: "Cashback for order ORD-2026-118-4471",
    metadata: { order: "ORD-2026-118-4471", campaign: "autumn" },
    fingerprint: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
  });
}

await onEmulator("dynoxide", (client) => {
  test("an accrual is three to record and two to assign, and nothing when it is paid", async () => {
    const meter = metered(client());
    const store = dynamoAccruals(meter.client, table);
    const accrual = typical("acme", 0);
    await store.create(accrual);
    expect(meter.take()).toEqual({ table: 1, byTenant: 1, waiting: 1 });
    const payout = samplePayout("acme", [accrual]);
    await store.assign(accrual, payout);
    expect(meter.take()).toEqual({ table: 1, waiting: 1 });
    await store.release(accrual.id, payout);
    expect(meter.take()).toEqual({ table: 1, waiting: 1 });
  });

  test("a payout of ten is two to write down, one to decide and two to close", async () => {
    const meter = metered(client());
    const store = dynamoPayouts(meter.client, table);
    const accruals = Array.from({ length: 10 }, (_, n) => typical("acme", n));
    const payout = samplePayout("acme", accruals, { id: "pay_ten" });
    await store.create(payout);
    expect(meter.take()).toEqual({ table: 1, due: 1 });
    await store.decide(payout, { kind: "pay", value: 1_000, count: 10, without: [] });
    expect(meter.take()).toEqual({ table: 1 });
    await store.close(payout.id);
    expect(meter.take()).toEqual({ table: 1, due: 1 });
  });

  test("the largest payout, decided for none of its accruals, is an item that DynamoDB takes", async () => {
    const accruals = Array.from({ length: 2_000 }, (_, n) => typical("acme", n));
    const store = dynamoPayouts(client(), table);
    const members = accruals.map(({ id }) => ({ id, value: 999_999_999_999, revision: 1_000_000 }));
    const payout: Payout = samplePayout("acme", accruals, { id: "pay_largest", members, description: "x".repeat(200) });
    await store.create(payout);
    await store.decide(payout, { kind: "void", value: 0, count: 0, without: members.map(({ id }) => id) });
    expect((await store.get(payout.id))?.decision?.without).toHaveLength(2_000);
    // And half of what it takes: members may grow a little.
    expect(JSON.stringify(await store.get(payout.id)).length).toBeLessThan(250_000);
  });
});
