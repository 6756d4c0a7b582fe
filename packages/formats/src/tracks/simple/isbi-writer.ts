import type { TrackSet } from '@micrarium/model';
import { lossReport } from '../loss/report.ts';
import type { Surviving } from '../loss/surviving.ts';
import type { TrackWriter } from '../track-reader.ts';
import { attributeText, losesCharacters } from '../trackmate-xml/features.ts';
import { pixelsOf, straightTracks, survivingTracks } from './straight-tracks.ts';

const encoder = new TextEncoder();
const piece = 1 << 16;

/**
 * Writes XML of the particle tracking challenge of ISBI 2012: pixels, slices and frames from 0, a particle for each
 * track. Particles have no branches, so that of several edges out of an object or into one the first stays. A file
 * holds one set.
 */
export const isbiWriter: TrackWriter = {
  layout: 'file',
  extension: '.xml',
  losses: (sets) => lossReport(sets, survivingSets(sets)),
  surviving: survivingSets,
  async write(sets, sink, { signal, onProgress } = {}) {
    const [set] = sets;
    if (!set) throw new TypeError('there is no set to write');
    const { tracks } = straightTracks(set);
    const { x, y, z } = pixelsOf(set);
    const out = await sink.create('');
    const attributes = Object.entries(challengeOf(set)).map(([name, value]) => ` ${name}="${attributeText(value)}"`);
    let text = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<root>\n<TrackContestISBI2012${attributes.join('')}>\n`;
    for (const [at, rows] of tracks.entries()) {
      text += '<particle>\n';
      for (const row of rows)
        text += `<detection t="${set.objects.frame[row]}" x="${x(row)}" y="${y(row)}" z="${z(row)}"/>\n`;
      text += '</particle>\n';
      if (text.length < piece) continue;
      signal?.throwIfAborted();
      await out.write(encoder.encode(text));
      text = '';
      onProgress?.(at / tracks.length);
    }
    await out.write(encoder.encode(`${text}</TrackContestISBI2012>\n</root>\n`));
    await out.close();
  },
};

/** Attributes of the challenge (scenario, density, signal-to-noise ratio), where the set came with them. */
function challengeOf({ provenance: { settings } }: TrackSet): Record<string, string> {
  if (settings === undefined || !settings.startsWith('{')) return {};
  let found: unknown;
  try {
    found = JSON.parse(settings);
  } catch {
    return {};
  }
  const entries = Object.entries(found as Record<string, unknown>);
  const isAttribute = ([name, value]: [string, unknown]) =>
    /^(snr|density|scenario|generationDateTime|info)$/i.test(name) &&
    typeof value === 'string' &&
    !losesCharacters(value);
  return entries.every(isAttribute) ? (found as Record<string, string>) : {};
}

function survivingSets(sets: readonly TrackSet[]): (Surviving | undefined)[] {
  return sets.map((set, i) => (i === 0 ? surviving(set) : undefined));
}

function surviving(set: TrackSet): Surviving {
  const straight = straightTracks(set);
  const { x, y, z } = pixelsOf(set);
  const isDeep = straight.tracks.some((rows) => rows.some((row) => Number.isFinite(z(row)) && z(row) !== 0));
  const particleOf = new Map(straight.tracks.flatMap((rows, at) => rows.map((row) => [row, at] as const)));
  const challenge = challengeOf(set);
  return survivingTracks(set, straight, {
    x,
    y,
    ...(isDeep ? { z } : {}),
    column: ({ name }) => (name === 'source_track_id' ? (row) => particleOf.get(row)! : undefined),
    provenance: Object.keys(challenge).length > 0 ? { settings: JSON.stringify(challenge) } : {},
  });
}
