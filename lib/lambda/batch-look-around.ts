/** Looks through a batch's chunks for those from which news is awaited, a page at a time, and notes what is seen. */
import { type Batch, type ChunkPlace, chunkPlaces } from "../domain/batch.ts";
import type { Sight } from "../domain/batch-changes.ts";
import { type ChunkState, latest, lettersOf } from "../domain/chunk-state.ts";
import { look, withNextLook } from "./batch-look.ts";
import { makeMissing, type RetryDependencies } from "./batch-retry.ts";
import { sideBySide } from "./side-by-side.ts";

/** States read at a time: a page of them is what a run holds in memory, however many rows a batch has. */
const pageSize = 100;

/** Chunks looked at side by side: each is a read of its rows, and one of a hundred transactions at most. */
const atOnce = 4;

/** `goesOn`: whether there is time, and it is still ours to do; where not, it is to be looked at again at once. */
export async function lookAround(
  batch: Batch,
  goesOn: () => Promise<boolean>,
  dependencies: RetryDependencies,
): Promise<Sight> {
  const { batches, now } = dependencies;
  let all: Sight = {};
  const note = (state: Sight | undefined) => {
    all = together(all, state ?? {});
  };
  const end = batch.status === "canceling" ? Math.max(batch.loaded, batch.swept) : batch.loaded;
  for (let first = 0; first < end; first += pageSize) {
    if (!(await goesOn())) return { ...all, lookAt: now().toISOString() };
    const places = chunkPlaces(batch, first, Math.min(first + pageSize, end));
    const states = await batches.states(
      places.map(({ id }) => id),
      // One that was just changed must not look as if it were at rest.
      "consistent",
    );
    await sideBySide(places, atOnce, async (place) => {
      const state = states.get(place.id);
      const isDue = state?.lookAt !== undefined && state.lookAt <= now().toISOString();
      note(isDue && (await goesOn()) ? await lookAtChunk(batch, place, state, dependencies) : state);
    });
  }
  return all;
}

/** To be looked at when the sooner of both is, at rest since the later one. */
function together(one: Sight, other: Sight): Sight {
  const lookAt = [one.lookAt, other.lookAt].filter((at) => at !== undefined).sort()[0];
  const restAt = latest(one.restAt, other.restAt);
  return { ...(lookAt !== undefined && { lookAt }), ...(restAt !== undefined && { restAt }) };
}

async function lookAtChunk(
  batch: Batch,
  place: ChunkPlace,
  before: ChunkState,
  dependencies: RetryDependencies,
): Promise<Sight> {
  const { batches, now } = dependencies;
  // Of a batch that is canceled nothing more is made: the sweep comes to these rows, and ends them.
  if (batch.status !== "canceling" && lettersOf(before).includes("u")) {
    await makeMissing(batch, place, before, dependencies);
    return { lookAt: now().toISOString() };
  }
  const { chunk, state } = await look(batch.tenant, before, "eventual", dependencies);
  const seen = withNextLook(state, chunk, now(), before);
  const stored = await batches.replaceState(seen);
  // Where another one has changed it meanwhile, it may have more to come.
  return stored ?? together(seen, (await batches.states([place.id], "consistent")).get(place.id) ?? {});
}
