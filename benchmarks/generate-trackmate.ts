import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Measured features of each spot, as TrackMate 6 names them; with position, time and visibility there are 16 numbers. */
const features = [
  'QUALITY',
  'RADIUS',
  'MEAN_INTENSITY',
  'MEDIAN_INTENSITY',
  'MIN_INTENSITY',
  'MAX_INTENSITY',
  'TOTAL_INTENSITY',
  'STANDARD_DEVIATION',
  'ESTIMATED_DIAMETER',
  'CONTRAST',
  'SNR',
];
/** Features that are grey levels or sums of them, as TrackMate writes them: whole numbers with a decimal point. */
const largestWhole: Readonly<Record<string, number>> = {
  MEDIAN_INTENSITY: 255,
  MIN_INTENSITY: 100,
  MAX_INTENSITY: 4095,
  TOTAL_INTENSITY: 50_000,
};
/** The detector looks for spots of one size. */
const ofDetector: Readonly<Record<string, string>> = { RADIUS: '2.5', ESTIMATED_DIAMETER: '5.0' };
const dimensions: Readonly<Record<string, string>> = {
  QUALITY: 'QUALITY',
  RADIUS: 'LENGTH',
  ESTIMATED_DIAMETER: 'LENGTH',
  CONTRAST: 'NONE',
  SNR: 'NONE',
};

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
 * Numbers have the digits TrackMate writes.
 */
export async function generateTrackmate(path: string, spots: number, seed = 1): Promise<void> {
  const random = randomOf(seed);
  const fine = (scale: number) => (random() + random() * 2 ** -32) * scale;
  const valueOf = (key: string) => {
    const largest = largestWhole[key];
    return ofDetector[key] ?? (largest === undefined ? String(fine(100)) : `${Math.floor(random() * largest)}.0`);
  };
  const out = createWriteStream(path, { highWaterMark: 1 << 22 });
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const frames = 100;
  const tracks = Math.ceil(spots / frames);
  await write(
    `<?xml version="1.0" encoding="UTF-8"?>\n<TrackMate version="6.0.1">\n  <Log>synthetic, seed ${seed}</Log>\n`,
  );
  await write('  <Model spatialunits="micron" timeunits="sec">\n    <FeatureDeclarations>\n      <SpotFeatures>\n');
  const declare = (key: string, dimension: string, isInt = false) =>
    `        <Feature feature="${key}" name="${key.toLowerCase()}" shortname="${key}" dimension="${dimension}" isint="${isInt}" />\n`;
  for (const key of ['POSITION_X', 'POSITION_Y', 'POSITION_Z']) await write(declare(key, 'POSITION'));
  await write(declare('POSITION_T', 'TIME') + declare('FRAME', 'NONE', true) + declare('VISIBILITY', 'NONE', true));
  for (const key of features) await write(declare(key, dimensions[key] ?? 'INTENSITY'));
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
      for (const key of features) text += `${key}="${valueOf(key)}" `;
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
