import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatIds, formats } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { formatList } from '../../tools/format-list.ts';
import { root } from './source-files.ts';

const pageOf = (id: string) => join(root, 'docs/formats', `${id}.md`);

test('every id has one descriptor, and every descriptor a known id', () => {
  const ids = formats.map(({ id }) => id).sort();
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(formatIds.filter((id) => id !== 'unknown').sort());
});

test('descriptors say what browsers and people need', () => {
  for (const { id, name, extensions, mediaTypes, recognise, recogniseFolder } of formats) {
    expect([id, name.length > 1]).toEqual([id, true]);
    for (const extension of extensions) expect([id, extension]).toEqual([id, extension.toLowerCase()]);
    expect([id, mediaTypes.length > 0]).toEqual([id, true]);
    for (const type of mediaTypes) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
    expect([id, recognise !== undefined || recogniseFolder !== undefined]).toEqual([id, true]);
  }
});

test('readers and writers load', async () => {
  for (const { tracks, images } of formats) {
    if (tracks) expect(await tracks.reader()).toHaveProperty('stream');
    if (images) expect(await images.reader()).toHaveProperty('open');
    for (const writer of [await tracks?.writer?.(), await images?.writer?.()])
      if (writer) expect(['file', 'folder']).toContain(writer.layout);
  }
});

test('every format that is read has a page that says what is read, written and lost', () => {
  for (const { id, name, tracks, images } of formats) {
    if (!tracks && !images) continue;
    expect([id, existsSync(pageOf(id))]).toEqual([id, true]);
    const page = readFileSync(pageOf(id), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${name}`);
    for (const heading of ['## Recognised by', '## Read', '## Written', '## Findings']) expect(page).toContain(heading);
    const isWritten = tracks?.writer !== undefined || images?.writer !== undefined;
    expect([id, /## Written\n\nNot written\./.test(page)]).toEqual([id, !isWritten]);
  }
});

test('the list of formats is what the descriptors say (node tools/write-format-list.ts writes it)', () => {
  expect(readFileSync(join(root, 'docs/formats/README.md'), 'utf8')).toBe(formatList());
});
