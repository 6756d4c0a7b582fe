import type { Column } from '@micrarium/model';
import { sourceTrackName } from './stored-tables.ts';

/** Several tracks for one: no mapping. */
const several = -2;

/** Which source track is which computed track, learned from edges or objects that name their source track. */
export class SourceTrackMap {
  private readonly trackOfSource = new Map<number | string, number>();
  private readonly sourceOfTrack = new Map<number, number | string>();
  private unclear = false;

  /** An object or edge of a source track lies in a computed track (-1 for none). */
  note(source: number | string, track: number): void {
    if (track < 0) return;
    const known = this.trackOfSource.get(source);
    if (known === track) return;
    if (known !== undefined || this.sourceOfTrack.has(track)) {
      this.unclear = true;
      this.trackOfSource.set(source, several);
      return;
    }
    this.trackOfSource.set(source, track);
    this.sourceOfTrack.set(track, source);
  }

  /**
   * Row of the source-track table for every computed track; `undefined` where the two do not map one to one.
   * @param tracks number of computed tracks
   */
  rowsOfTracks(table: { columns: readonly Column[]; count: number }, tracks: number): Uint32Array | undefined {
    const ids = table.columns.find(({ name }) => name === sourceTrackName);
    if (this.unclear || !ids || this.sourceOfTrack.size !== tracks) return undefined;
    const rows = new Map<number | string, number>();
    for (let row = 0; row < table.count; row++) {
      if (rows.has(ids.values[row]!)) return undefined;
      rows.set(ids.values[row]!, row);
    }
    const found = new Uint32Array(tracks);
    for (let track = 0; track < tracks; track++) {
      const row = rows.get(this.sourceOfTrack.get(track)!);
      if (row === undefined) return undefined;
      found[track] = row;
    }
    return found;
  }
}
