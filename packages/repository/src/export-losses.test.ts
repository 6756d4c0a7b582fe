import { expect, test } from 'vitest';
import { createDraft } from './drafts.ts';
import { exportItem } from './export.ts';
import { lossesPath, readExportLosses } from './export-losses.ts';
import { placeOfContent } from './forms.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import { FormNotMade } from './open-forms.ts';

/** Two cells that merge, with names of tracks: enough for some forms to lose something. */
const trackMate = `<?xml version="1.0" encoding="UTF-8"?>
<TrackMate version="7.0.0"><Model spatialunits="micron" timeunits="sec">
<FeatureDeclarations><SpotFeatures><Feature feature="QUALITY" name="Quality" shortname="Quality" dimension="QUALITY" isint="false" /></SpotFeatures><EdgeFeatures /><TrackFeatures /></FeatureDeclarations>
<AllSpots nspots="3"><SpotsInFrame frame="0">
<Spot ID="1" name="a" QUALITY="1.5" POSITION_X="1" POSITION_Y="2" POSITION_Z="0" POSITION_T="0" FRAME="0" RADIUS="2" VISIBILITY="1" />
<Spot ID="2" name="b" QUALITY="2.5" POSITION_X="5" POSITION_Y="2" POSITION_Z="0" POSITION_T="0" FRAME="0" RADIUS="2" VISIBILITY="1" /></SpotsInFrame>
<SpotsInFrame frame="1"><Spot ID="3" name="c" QUALITY="3.5" POSITION_X="3" POSITION_Y="2" POSITION_Z="0" POSITION_T="1" FRAME="1" RADIUS="2" VISIBILITY="1" /></SpotsInFrame></AllSpots>
<AllTracks><Track name="Track_0" TRACK_ID="0"><Edge SPOT_SOURCE_ID="1" SPOT_TARGET_ID="3" /><Edge SPOT_SOURCE_ID="2" SPOT_TARGET_ID="3" /></Track></AllTracks>
<FilteredTracks><TrackID TRACK_ID="0" /></FilteredTracks></Model></TrackMate>
`;

async function ingested() {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { 'tracks.xml': trackMate });
  await bench.jobs.runAll();
  const [row] = await bench.studies.listItems(id);
  return { bench, item: row!.item };
}

test('what every export form cannot hold is counted when an item is read, and is what the export says', async () => {
  const { bench, item } = await ingested();
  const conversion = item.conversions.find(({ recipe }) => recipe === 'tracks-to-parquet')!;
  expect(conversion.outputs.map(({ path }) => path)).toContain(lossesPath);
  expect(placeOfContent(item, lossesPath)).toMatchObject({ kind: 'form', path: lossesPath });
  const [set] = await readExportLosses(bench.derived, item);
  const said = Object.fromEntries(set!.forms!.map(({ form, losses }) => [form, losses]));
  expect(said['parquet']).toEqual([]);
  expect(said['geff.zip']).toEqual([]);
  expect(said['edges.csv']![0]!.message).toMatch(/^3 objects .* the table holds the 2 edges only$/);
  expect(said['objects.csv']!.length).toBeGreaterThan(0);
  for (const { form, losses } of set!.forms!) {
    if (form === 'parquet') continue;
    const made = await exportItem(bench, { item, files: [], form });
    await made.stream.return(undefined);
    expect(made.losses.map(({ code, message }) => [code, message])).toEqual(
      losses.map(({ code, message }) => [code, message]),
    );
  }
});

test('losses of forms that were dropped are asked for again', async () => {
  const { bench, item } = await ingested();
  const place = placeOfContent(item, lossesPath) as { key: string };
  await bench.derived.drop(place.key);
  await expect(readExportLosses(bench.derived, item)).rejects.toThrow(FormNotMade);
});
