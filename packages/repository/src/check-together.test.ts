import { expect, test } from 'vitest';
import { createDraft } from './drafts.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';

/** First bytes of a Zeiss CZI file; nothing can be read of the rest. */
const czi = new Uint8Array(1024);
czi.set(new TextEncoder().encode('ZISRAWFILE'));

test('a file of a commercial program is told apart by whether an export lies beside it in the study', async () => {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, {
    'a/cells.czi': czi,
    'a/cells.ome.tif': 'no image',
    'b/other.czi': czi.map((v, at) => (at === 900 ? 1 : v)),
  });
  await bench.jobs.runAll();
  const alone = (await bench.studies.listItems(id))
    .filter(({ item }) => item.issues.some(({ code }) => code === 'native-without-export'))
    .map(({ item }) => item.path);
  expect(alone).toEqual(['b/other.czi']);
});
