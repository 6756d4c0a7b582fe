import { expect, test } from 'vitest';
import type { ByteSource } from './byte-source.ts';

/** Content every implementation is given: 1,000 bytes that differ from place to place. */
export const suiteBytes: Uint8Array = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

/** What every byte source must do; `open` gives a source over `suiteBytes` named `suite.bin`. */
export function byteSourceSuite(name: string, open: () => Promise<ByteSource>): void {
  test(`${name}: knows its name and size`, async () => {
    const source = await open();
    expect([source.name, source.size]).toEqual(['suite.bin', suiteBytes.length]);
  });

  test(`${name}: reads any range`, async () => {
    const source = await open();
    for (const [offset, length] of [
      [0, 1],
      [0, 1000],
      [10, 90],
      [999, 1],
      [256, 512],
    ] as const)
      expect(await source.read(offset, length)).toEqual(suiteBytes.slice(offset, offset + length));
  });

  test(`${name}: gives fewer bytes only where the file ends`, async () => {
    const source = await open();
    expect(await source.read(990, 100)).toEqual(suiteBytes.slice(990));
    expect(await source.read(1000, 10)).toHaveLength(0);
    expect(await source.read(5000, 10)).toHaveLength(0);
    expect(await source.read(5, 0)).toHaveLength(0);
  });

  test(`${name}: the answer is the caller's to change`, async () => {
    const source = await open();
    (await source.read(0, 100)).fill(0);
    expect(await source.read(0, 100)).toEqual(suiteBytes.slice(0, 100));
  });

  test(`${name}: many reads at once do not disturb each other`, async () => {
    const source = await open();
    const offsets = Array.from({ length: 40 }, (_, i) => (i * 37) % 900);
    const parts = await Promise.all(offsets.map((offset) => source.read(offset, 50)));
    for (const [i, part] of parts.entries()) expect(part).toEqual(suiteBytes.slice(offsets[i], offsets[i]! + 50));
  });

  test(`${name}: rejects with the signal's reason when aborted`, async () => {
    const source = await open();
    const reason = new Error('no longer wanted');
    await expect(source.read(0, 10, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
}
