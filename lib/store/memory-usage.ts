/** Usage in memory, with the same condition as in DynamoDB. */
import type { MonthUsage } from "../domain/usage.ts";
import type { UsageStore } from "./usage.ts";

export function memoryUsage(): UsageStore {
  const stored = new Map<string, MonthUsage>();
  const keyOf = (tenant: string, month: string) => JSON.stringify([tenant, month]);
  return {
    async get(tenant, month) {
      return structuredClone(stored.get(keyOf(tenant, month)));
    },
    async replace(next) {
      const key = keyOf(next.tenant, next.month);
      if ((stored.get(key)?.revision ?? 0) !== next.revision) return undefined;
      const changed = { ...structuredClone(next), revision: next.revision + 1 };
      stored.set(key, changed);
      return structuredClone(changed);
    },
  };
}
