/** Does the same to many things, so many at a time. */

/** The answers in the order of the items. After a failure nothing more is begun, and the failure is thrown when all is at rest. */
export async function sideBySide<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item, place: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const place = next++;
      try {
        answers[place] = await act(items[place] as Item, place);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return answers;
}
