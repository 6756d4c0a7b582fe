import type { TrackSet } from '@micrarium/model';
import { buildTrackGraph } from '@micrarium/model';

/** XML of a set as TrackMate 7 writes it: enough for the reader and for TrackMate itself (spots, edges, tracks, image data). */
export function* simulatedTrackMate(set: TrackSet): Generator<string> {
  const { objects, edges, provenance } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const radius = objects.columns.find((column) => column.name === 'radius')!.values as Float64Array;
  const intensity = objects.columns.find((column) => column.name === 'nucleus_intensity')!.values as Float64Array;
  const label = objects.columns.find((column) => column.name === 'label')!.values as string[];
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<TrackMate version="7.14.0">\n  <Model spatialunits="micron" timeunits="sec">\n${declarations}    <AllSpots nspots="${objects.count}">\n`;
  const rowsOfFrame = new Map<number, number[]>();
  for (let row = 0; row < objects.count; row++)
    rowsOfFrame.set(objects.frame[row]!, [...(rowsOfFrame.get(objects.frame[row]!) ?? []), row]);
  for (const [frame, rows] of rowsOfFrame) {
    yield `      <SpotsInFrame frame="${frame}">\n`;
    for (const row of rows)
      yield `        <Spot ID="${objects.id[row]}" name="${label[row]}" POSITION_X="${objects.x[row]}" POSITION_Y="${objects.y[row]}" POSITION_Z="${objects.z![row]}" POSITION_T="${objects.time![row]}" FRAME="${frame}" RADIUS="${radius[row]}" VISIBILITY="1" QUALITY="1.0" MAX_INTENSITY_CH1="${intensity[row]}" />\n`;
    yield '      </SpotsInFrame>\n';
  }
  yield '    </AllSpots>\n    <AllTracks>\n';
  const edgesOfTrack = Array.from({ length: graph.trackCount }, () => [] as number[]);
  for (let edge = 0; edge < edges.count; edge++) edgesOfTrack[graph.trackOfObject[edges.source[edge]!]!]!.push(edge);
  for (const [track, own] of edgesOfTrack.entries()) {
    yield `      <Track name="Track_${track}" TRACK_ID="${track}" NUMBER_SPOTS="${own.length + 1}">\n`;
    for (const edge of own)
      yield `        <Edge SPOT_SOURCE_ID="${objects.id[edges.source[edge]!]}" SPOT_TARGET_ID="${objects.id[edges.target[edge]!]}" LINK_COST="1.0" />\n`;
    yield '      </Track>\n';
  }
  const { x, y, z, t } = { x: 0, y: 0, z: 0, t: 0, ...provenance.imageSizes };
  const size = { x: 1, y: 1, z: 1, ...provenance.pixelSize };
  yield `    </AllTracks>\n    <FilteredTracks>\n${edgesOfTrack.map((_, track) => `      <TrackID TRACK_ID="${track}" />\n`).join('')}    </FilteredTracks>\n  </Model>\n  <Settings>\n    <ImageData filename="${provenance.imageName}" folder="" width="${x}" height="${y}" nslices="${z}" nframes="${t}" pixelwidth="${size.x}" pixelheight="${size.y}" voxeldepth="${size.z}" timeinterval="${provenance.frameInterval}" />\n  </Settings>\n</TrackMate>\n`;
}

const feature = (key: string, name: string, dimension: string, isInt = false) =>
  `        <Feature feature="${key}" name="${name}" shortname="${name}" dimension="${dimension}" isint="${isInt}" />\n`;

const declarations = `    <FeatureDeclarations>
      <SpotFeatures>
${feature('QUALITY', 'Quality', 'QUALITY')}${feature('POSITION_X', 'X', 'POSITION')}${feature('POSITION_Y', 'Y', 'POSITION')}${feature('POSITION_Z', 'Z', 'POSITION')}${feature('POSITION_T', 'T', 'TIME')}${feature('FRAME', 'Frame', 'NONE', true)}${feature('RADIUS', 'Radius', 'LENGTH')}${feature('VISIBILITY', 'Visibility', 'NONE', true)}${feature('MAX_INTENSITY_CH1', 'Max intensity ch1', 'INTENSITY')}      </SpotFeatures>
      <EdgeFeatures>
${feature('SPOT_SOURCE_ID', 'Source spot ID', 'NONE', true)}${feature('SPOT_TARGET_ID', 'Target spot ID', 'NONE', true)}${feature('LINK_COST', 'Edge cost', 'COST')}      </EdgeFeatures>
      <TrackFeatures>
${feature('TRACK_ID', 'Track ID', 'NONE', true)}${feature('NUMBER_SPOTS', 'Number of spots in track', 'NONE', true)}      </TrackFeatures>
    </FeatureDeclarations>
`;
