import { expect, it } from 'vitest';
import type { Draft } from '../deposit/draft.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import { aheadId, datasetsAhead, editOf, settledValues, slotNow } from './datasets-ahead.ts';
import { offerOf, readFolderDocument } from './folder-metadata.ts';

const long = `films/${'a very long name of a folder '.repeat(8)}/wt.tif`;
const row = (path: string, kind: string, server?: object) =>
  ({ path, files: [path], bytes: 1, report: { path, kind }, ...(server ? { server } : {}) }) as unknown as ItemRow;
const item = (id: string, path: string) => ({ id, path, files: [path], kind: 'image', images: [{}], trackSets: [] });
const draftOf = (...items: object[]) => ({ state: 'editing', items }) as unknown as Draft;

it('gives what a sheet says to data sets whose files are not sent yet, and to the data sets when they are', async () => {
  const csv = `Dataset title,File,Organism,Strain\nWild type,${long},Caenorhabditis elegans,N2\n`;
  const sheet = await readFolderDocument(['metadata.csv'], async () => new TextEncoder().encode(csv));
  const rows = [row(long, 'image'), row('notes.txt', 'unknown'), row('there.tif', 'image', item('x', 'there.tif'))];
  const ahead = datasetsAhead(rows);
  expect(ahead).toEqual([{ id: aheadId(long), title: 'wt.tif', files: [long] }]);
  const offers = offerOf(sheet!, ahead, [long]).read.offers;
  const strain = offers.find(({ key }) => key.startsWith('strain@'))!;
  // The interface takes keys of up to 64 letters.
  expect(strain).toMatchObject({ key: `strain@${aheadId(long)}`, value: ['N2'] });
  expect(strain.key.length).toBeLessThan(64);

  const { value, origin } = strain;
  const slots = { [`value:${strain.key}`]: { value, origin }, 'value:title': { value: 'T' } };
  expect(settledValues(draftOf(), slots)).toEqual({});
  expect(settledValues(draftOf(item('i', long)), slots)).toEqual({
    [`value:${strain.key}`]: undefined,
    'value:strain@d-i': { value, origin },
  });
  // What somebody said of the data set meanwhile stays.
  const typed = { ...slots, 'value:strain@d-i': { value: ['MG589'] } };
  expect(settledValues(draftOf(item('i', long)), typed)).toEqual({ [`value:${strain.key}`]: undefined });

  // Its title is that of the data set itself.
  const titled = offers.find(({ key }) => key.startsWith('datasetTitle@'))!;
  const edit = editOf([titled]);
  expect(edit).toEqual({ [`value:${titled.key}`]: { value: 'Wild type', origin: titled.origin } });
  expect(settledValues(draftOf(item('i', long)), edit)).toEqual({
    [`value:${titled.key}`]: undefined,
    'title:d-i': 'Wild type',
  });
  expect(editOf([{ ...titled, key: 'datasetTitle@d-i' }])).toEqual({ 'title:d-i': 'Wild type' });
  expect(slotNow({ 'title:d-i': 'Typed' }, 'datasetTitle@d-i')?.value).toBe('Typed');
});
