import { emptyTree, findItems, openZip, memorySource, usualRules } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { keepTemplate, keptTemplate } from './naming-memory.ts';
import { zipOfTexts } from './save-tree.ts';

const template = { schema: 'micrarium-naming-1', name: 'lab', levels: ['study', 'well'], rules: usualRules } as const;

test('an empty tree is a zip that opens with its README', async () => {
  const blob = await zipOfTexts(emptyTree({ ...template, levels: ['study', 'well'] }, 'project'));
  const { tree } = await openZip(memorySource('p.zip', new Uint8Array(await blob.arrayBuffer())));
  expect(tree.entries.map(({ path }) => path)).toEqual(['project/A01/.keep', 'project/README.md']);
  expect((await findItems(tree)).length).toBeGreaterThan(0);
});

test('the template used last is kept, and a damaged one is forgotten', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
  expect(keptTemplate(storage)).toBeUndefined();
  keepTemplate({ ...template, levels: ['study', 'well'] }, storage);
  expect(keptTemplate(storage)).toEqual(template);
  for (const key of kept.keys()) kept.set(key, '{');
  expect(keptTemplate(storage)).toBeUndefined();
});
