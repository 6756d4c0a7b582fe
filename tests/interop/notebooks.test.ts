import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { notebookOf } from '@micrarium/api';
import { fileTree, findItems, objectsCsv, readTrackSets } from '@micrarium/formats';
import { fileEntry } from '@micrarium/formats/node';
import { afterAll, expect, test } from 'vitest';
import { hasNotebookPython, runNotebook } from './run-notebook.ts';

const sample = resolve(import.meta.dirname, '../../../shared/data/bd5/081505_L1_bd5.h5');
const isHere = existsSync(sample);
if (!isHere) console.warn(`${sample} is not there: the notebook of the embryo is not run.`);
const folder = mkdtempSync(join(tmpdir(), 'micrarium-notebook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.runIf(isHere && hasNotebookPython)('the embryo 081505_L1: nuclei over time, and the way of ABal', async () => {
  const [item] = await findItems(fileTree('bd5', [await fileEntry(sample, '081505_L1_bd5.h5')]));
  const { sets } = await readTrackSets(await item!.descriptor!.tracks!.reader(), item!);
  const parts: Uint8Array[] = [];
  for await (const part of objectsCsv(sets[0]!)) parts.push(part);
  writeFileSync(join(folder, 'objects.csv'), Buffer.concat(parts));
  const { objects, edges } = sets[0]!;
  const notebook = notebookOf({
    dataset: { title: '081505_L1', imageItems: [], quantitativeItems: ['i'] },
    items: [
      {
        id: 'i',
        trackSets: [
          {
            part: 0,
            counts: { edges: edges.count },
            columns: objects.columns,
            spaceUnit: 'micrometer',
            timeUnit: 'minute',
          },
        ],
        images: [],
        conversions: [],
      } as never,
    ],
    studyTitle: 'Embryo',
    address: 'http://here',
    citation: 'Bao et al.',
    urls: () => ({ content: () => '', exported: (form) => String(pathToFileURL(join(folder, form))) }),
    language: 'en',
    objectName: 'ABal',
  });
  const { lines, plots } = await runNotebook(notebook, folder, 'print(counts.iloc[0], counts.max(), len(paths))');
  expect(plots).toBe(2);
  expect(lines).toContain('23980 objects in 195 frames');
  const way = /displacement ([\d.]+) micrometer/.exec(lines.find((line) => line.startsWith('ABal:')) ?? '');
  expect(Math.abs(Number(way?.[1]) / 21.61651943225066 - 1)).toBeLessThan(1e-12);
  expect(lines.at(-1)).toBe('5 362 721');
});
