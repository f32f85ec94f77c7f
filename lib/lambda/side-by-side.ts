/** Does the same for many, some at a time. */

/** The results in the order of the items. Where one fails, what was begun goes on unheard, and nothing more is begun. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += atOnce) {
    results.push(...(await Promise.all(items.slice(first, first + atOnce).map(act))));
  }
  return results;
}
