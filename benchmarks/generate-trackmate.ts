import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Measured features of each spot; with position, time, radius and quality there are 16 numbers. */
const features = [
  'QUALITY',
  'RADIUS',
  'MEAN_INTENSITY_CH1',
  'MAX_INTENSITY_CH1',
  'TOTAL_INTENSITY_CH1',
  'STD_INTENSITY_CH1',
  'CONTRAST_CH1',
  'SNR_CH1',
  'AREA',
  'PERIMETER',
  'CIRCULARITY',
  'ELLIPSE_MAJOR',
];
const lengths = new Set(['RADIUS', 'PERIMETER', 'ELLIPSE_MAJOR', 'ELLIPSE_MINOR']);

/** Pseudo-random numbers in [0, 1): the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Writes a synthetic TrackMate file: `spots` spots with 16 numbers each, in unbranched tracks of 100 frames.
 * Doubles have the digits real ones have.
 */
export async function generateTrackmate(path: string, spots: number, seed = 1): Promise<void> {
  const random = randomOf(seed);
  const fine = (scale: number) => (random() + random() * 2 ** -32) * scale;
  const out = createWriteStream(path, { highWaterMark: 1 << 22 });
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const frames = 100;
  const tracks = Math.ceil(spots / frames);
  await write(
    `<?xml version="1.0" encoding="UTF-8"?>\n<TrackMate version="7.11.1">\n  <Log>synthetic, seed ${seed}</Log>\n`,
  );
  await write('  <Model spatialunits="micron" timeunits="sec">\n    <FeatureDeclarations>\n      <SpotFeatures>\n');
  const declare = (key: string, dimension: string, isInt = false) =>
    `        <Feature feature="${key}" name="${key.toLowerCase()}" shortname="${key}" dimension="${dimension}" isint="${isInt}" />\n`;
  for (const key of ['POSITION_X', 'POSITION_Y', 'POSITION_Z']) await write(declare(key, 'POSITION'));
  await write(declare('POSITION_T', 'TIME') + declare('FRAME', 'NONE', true) + declare('VISIBILITY', 'NONE', true));
  for (const key of features) await write(declare(key, key === 'AREA' ? 'AREA' : lengths.has(key) ? 'LENGTH' : 'NONE'));
  await write('      </SpotFeatures>\n      <EdgeFeatures>\n');
  await write(
    declare('SPOT_SOURCE_ID', 'NONE', true) + declare('SPOT_TARGET_ID', 'NONE', true) + declare('LINK_COST', 'COST'),
  );
  await write(
    `      </EdgeFeatures>\n      <TrackFeatures>\n${declare('TRACK_ID', 'NONE', true)}      </TrackFeatures>\n`,
  );
  await write(`    </FeatureDeclarations>\n    <AllSpots nspots="${spots}">\n`);
  let id = 1000;
  for (let frame = 0; frame < frames; frame++) {
    await write(`      <SpotsInFrame frame="${frame}">\n`);
    for (let track = 0; track < tracks && frame * tracks + track < spots; track++) {
      let text = `        <Spot ID="${id}" name="ID${id}" `;
      for (const key of features) text += `${key}="${fine(key === 'TOTAL_INTENSITY_CH1' ? 5000 : 100)}" `;
      text += `POSITION_T="${frame * 2.5}" FRAME="${frame}" VISIBILITY="1" POSITION_X="${fine(2000)}" POSITION_Y="${fine(2000)}" POSITION_Z="0.0" />\n`;
      await write(text);
      id++;
    }
    await write('      </SpotsInFrame>\n');
  }
  await write('    </AllSpots>\n    <AllTracks>\n');
  for (let track = 0; track < tracks; track++) {
    await write(`      <Track name="Track_${track}" TRACK_ID="${track}">\n`);
    for (let frame = 1; frame < frames && frame * tracks + track < spots; frame++) {
      const target = 1000 + frame * tracks + track;
      await write(
        `        <Edge SPOT_SOURCE_ID="${target - tracks}" SPOT_TARGET_ID="${target}" LINK_COST="${fine(10)}" />\n`,
      );
    }
    await write('      </Track>\n');
  }
  await write('    </AllTracks>\n    <FilteredTracks>\n');
  for (let track = 0; track < tracks; track++) await write(`      <TrackID TRACK_ID="${track}" />\n`);
  await write('    </FilteredTracks>\n  </Model>\n  <Settings>\n');
  await write(
    `    <ImageData filename="film.tif" width="2000" height="2000" nslices="1" nframes="${frames}" pixelwidth="1.0" pixelheight="1.0" voxeldepth="1.0" timeinterval="2.5" />\n`,
  );
  await write('  </Settings>\n</TrackMate>\n');
  out.end();
  await once(out, 'close');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path = '/tmp/trackmate.xml', spots = '1000000', seed = '1'] = process.argv.slice(2);
  await generateTrackmate(path, Number(spots), Number(seed));
}
