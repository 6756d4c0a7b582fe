import { translator } from '@micrarium/api';
import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { LandingData } from './landing-data.ts';
import { imagesLinks, renderedSection } from './landing-images.ts';

const item = (id: string, format: string, more: Partial<StudyItem> = {}): StudyItem => ({
  id,
  path: `films/${id}.${format}`,
  files: [`films/${id}.${format}`],
  format,
  kind: 'image',
  trackSets: [],
  images: [],
  issues: [],
  conversions: [],
  ...more,
});
const image = { name: 'i', sizes: { t: 1, c: 1, z: 1, y: 1, x: 1 }, type: 'uint8', channels: [] } as const;
const data = (items: StudyItem[]) =>
  ({ version: { accession: 'MIC-000001', version: 2, items }, text: translator('en') }) as unknown as LandingData;

test('plays films that were rendered, and says that they are no data', async () => {
  const page = String(
    await renderedSection(data([item('a b', 'mp4'), item('c', 'avi'), item('w', 'webm'), item('d', 'tiff')])),
  );
  expect(page.match(/<video /g)).toHaveLength(2);
  expect(page).toContain('href="/film/MIC-000001/2/c"');
  expect(page).toContain('src="/api/v1/studies/MIC-000001/versions/2/files/films/a%20b.mp4"');
  expect(page).toContain('not data');
  expect(page.match(/frame by frame/g)).toHaveLength(1);
  expect(String(await renderedSection(data([item('d', 'tiff')])))).toBe('');
});

test('leads to all images where there are several, and to plates', async () => {
  const plate = { name: 'P1', rows: ['A'], columns: ['1'], wells: [] };
  const page = String(await imagesLinks(data([item('p', 'ome-zarr', { images: [image, image] as never, plate })])));
  expect(page).toContain('href="/gallery/MIC-000001/2"');
  expect(page).toContain('href="/plate/MIC-000001/2/p"');
  expect(String(await imagesLinks(data([item('p', 'tiff', { images: [image] as never })])))).toBe('');
});
