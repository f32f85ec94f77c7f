/** What a cold start loads of each function, held to its limit. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isThorough } from "../thoroughness.ts";
import { boundsOf, bundle } from "./bundle.ts";
import { handlerNames } from "./handlers.ts";

const bytesMax = 300_000;

/** Bundling keeps every core busy for some seconds, and for a minute where others work on the machine. */
const bundleMsMax = 180_000;

describe.runIf(isThorough)("the bundle of", async () => {
  const names = await handlerNames();
  let bounds: Awaited<ReturnType<typeof boundsOf>>;
  let folder: string;
  beforeAll(async () => {
    bounds = await boundsOf(names);
    folder = await mkdtemp(join(tmpdir(), "moneyback-bundles-"));
  }, bundleMsMax);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(names)(
    "%s, with the largest provider that it may load, is at most 300 kB",
    { timeout: bundleMsMax },
    async (name) => {
      const bound = bounds.get(name) ?? Number.POSITIVE_INFINITY;
      expect(bound).toBeGreaterThan(10_000);
      if (bound <= bytesMax) return;
      const { bytes, onDemand } = await bundle(name, join(folder, name));
      expect(bytes + Math.max(0, ...Object.values(onDemand))).toBeLessThanOrEqual(bytesMax);
    },
  );
});
