/** Does small pieces of waiting work some at a time: file names cost more in waiting than in doing. Stops at the first failure, and passes it on. */
export async function sideBySide<One>(
  ones: readonly One[],
  work: (one: One) => Promise<void>,
  atOnce = 16,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const lane = async () => {
    while (next < ones.length && !hasFailed) {
      const one = ones[next++]!;
      try {
        await work(one);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  // All lanes are waited for, so that nothing goes on behind the back of whoever handles the failure.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, ones.length) }, lane));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}
