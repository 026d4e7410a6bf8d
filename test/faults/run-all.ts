/** Works on all things, so many at a time, in their order. */
export async function runAll<Thing>(
  things: readonly Thing[],
  atATime: number,
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  const queue = things.values()
  const worker = async (): Promise<void> => {
    for (const thing of queue) await work(thing)
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}
