import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { depositFindings, findItems } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../shared/data/images/', import.meta.url);
const there = existsSync(folder);
if (!there) console.warn('image samples are not here: tests/files/deposit-rules.test.ts checks nothing');

describe.runIf(there)('deposit rules', () => {
  it('raise no alarm at images of microscopes', async () => {
    const tree = await openFolder(fileURLToPath(folder));
    const found: string[] = [];
    let looked = 0;
    for (const item of await findItems(tree)) {
      if (!item.descriptor?.images || item.path.startsWith('ngff/')) continue;
      const { images } = await (await item.descriptor.images.reader()).open(item);
      for (const image of images.slice(0, 4)) {
        looked++;
        const issues = await depositFindings(image, { file: item.path });
        found.push(...issues.map(({ code, message }) => `${item.path} ${code}: ${message}`));
      }
      for (const file of item.files) await file.close?.();
    }
    expect(looked).toBeGreaterThan(25);
    expect(found).toEqual([]);
  });
});
