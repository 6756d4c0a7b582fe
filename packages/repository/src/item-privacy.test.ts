import type { StudyItem } from '@micrarium/model';
import { describe, expect, test } from 'vitest';
import { createDraft, saveDraft } from './drafts.ts';
import { placeOfContent } from './forms.ts';
import { decidePrivacy } from './decide-privacy.ts';
import { checkPrivacy, publicItem, withDecisions } from './item-privacy.ts';
import { completeMetadata, depositFiles, openWorkbench, type Workbench } from './memory/workbench.ts';
import { publishDraft } from './publish.ts';
import { NotThere, Refused } from './refusals.ts';

const conversion = (recipe: string): StudyItem['conversions'][number] => ({
  recipe,
  tool: 'micrarium',
  toolVersion: '0',
  parameters: {},
  madeAt: '2024-01-01T00:00:00Z',
  outputs: [],
});

const item: StudyItem = {
  id: 'a',
  path: 'd/a.lif',
  files: ['d/a.lif'],
  format: 'lif',
  kind: 'image',
  trackSets: [],
  images: [],
  issues: [],
  conversions: [conversion('image-to-ozx'), conversion('raw-metadata')],
  privacy: {
    details: [
      { kind: 'user name', value: 'jdoe', place: 'raw text' },
      { kind: 'path', value: 'C:\\Users\\jdoe\\x', place: 'original', file: 'd/a.lif' },
    ],
    hasRawText: true,
  },
};
const decided = (decision: Partial<NonNullable<StudyItem['privacy']>>): StudyItem => ({
  ...item,
  privacy: { ...item.privacy!, ...decision },
});
const recipesOf = (one: StudyItem): string[] => one.conversions.map(({ recipe }) => recipe);

describe('privacy of an item', () => {
  test('each part that was found awaits its decision', () => {
    expect(checkPrivacy([item])).toMatchObject([
      { code: 'private-details-undecided', severity: 'error', where: { file: 'd/a.lif' } },
    ]);
    expect(checkPrivacy([item])[0]!.message).toContain('1 in its files and 1 in its metadata text');
    expect(checkPrivacy([decided({ rawText: 'withheld' })])[0]!.message).not.toContain('metadata text');
    expect(checkPrivacy([decided({ originals: 'accepted' })])).toHaveLength(1);
    expect(checkPrivacy([decided({ originals: 'accepted', rawText: 'withheld' })])).toEqual([]);
    expect(checkPrivacy([{ ...item, privacy: { details: [], hasRawText: true } }])).toEqual([]);
  });

  test('nothing of the list is published, and raw text only where it was accepted', () => {
    for (const one of [item, decided({ rawText: 'withheld', originals: 'accepted' })]) {
      expect(publicItem(one).privacy).toBeUndefined();
      expect(recipesOf(publicItem(one))).toEqual(['image-to-ozx']);
    }
    const released = publicItem(decided({ rawText: 'accepted', originals: 'accepted' }));
    expect(JSON.stringify(released)).not.toContain('jdoe');
    expect(recipesOf(released)).toEqual(['image-to-ozx', 'raw-metadata']);
  });

  test('the text is a file of the item only where it may be seen', () => {
    const path = 'raw-metadata.txt';
    expect(placeOfContent(publicItem(decided({ rawText: 'accepted' })), path)).toMatchObject({ kind: 'form', path });
    expect(placeOfContent(publicItem(decided({ rawText: 'withheld' })), path)).toBeUndefined();
    expect(placeOfContent(publicItem(item), path)).toBeUndefined();
  });

  test('a decision stays where the same is found again, and falls where more is found', () => {
    const before = decided({ originals: 'accepted' }).privacy;
    expect(withDecisions(item.privacy, before)).toEqual(before);
    const more = { ...item.privacy!, details: item.privacy!.details.slice(0, 1) };
    expect(withDecisions(more, before)).toEqual(more);
  });
});

describe('a study with private details', () => {
  const ome =
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Experimenter ID="Experimenter:0" FirstName="Jane" LastName="Roe" Email="jane@example.org"/></OME>';

  async function ready(): Promise<{ bench: Workbench; draftId: string; itemId: string }> {
    const bench = await openWorkbench();
    const { id } = await createDraft(bench, 'hanako');
    await depositFiles(bench, id, {
      'notes.txt': `Written by jane@example.org\n${ome}`,
      'README.txt': 'Read me first.',
    });
    await bench.jobs.runAll();
    await saveDraft(bench, id, 1, { metadata: completeMetadata });
    const rows = await bench.studies.listItems(id);
    return { bench, draftId: id, itemId: rows.find(({ item: one }) => one.path === 'notes.txt')!.item.id };
  }

  test('is published once the depositor has accepted them, and the list stays private', async () => {
    const { bench, draftId, itemId } = await ready();
    const [row] = (await bench.studies.listItems(draftId)).filter(({ item: one }) => one.id === itemId);
    expect(row!.item.privacy!.details.map(({ kind, value, place, file }) => [kind, value, place, file])).toEqual([
      ['e-mail address', 'jane@example.org', 'original', 'notes.txt'],
      ['user name', 'Jane', 'original', 'notes.txt'],
      ['user name', 'Roe', 'original', 'notes.txt'],
    ]);
    const refusal = (await publishDraft(bench, draftId).catch((error: unknown) => error)) as Refused;
    expect(refusal).toBeInstanceOf(Refused);
    expect(refusal.issues.map(({ code }) => code)).toEqual(['private-details-undecided']);
    await decidePrivacy(bench, draftId, itemId, { originals: 'accepted' });
    await publishDraft(bench, draftId);
    const version = await bench.archive.readVersion('MIC-000001', 1);
    expect(JSON.stringify(version)).not.toContain('jane@');
    expect(version.files.map(({ path }) => path)).toContain('notes.txt');
  });

  test('cannot be decided where nothing was found, nor after publication', async () => {
    const { bench, draftId, itemId } = await ready();
    await expect(decidePrivacy(bench, draftId, 'aaaaaaaaaaaa', { originals: 'accepted' })).rejects.toThrow(NotThere);
    await decidePrivacy(bench, draftId, itemId, { originals: 'accepted' });
    await publishDraft(bench, draftId);
    await expect(decidePrivacy(bench, draftId, itemId, { rawText: 'withheld' })).rejects.toThrow();
  });
});
