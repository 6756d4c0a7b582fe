import type { Column } from '@micrarium/model';
import type { EdgeBatch, ObjectBatch, SetHeader } from './track-reader.ts';

/** Objects and edges that are looked at. */
const mostLooked = 50_000;
/** Fewer of them prove nothing. */
const fewest = 20;

/**
 * Tells whether z and time stand in each other's place, from the first objects and edges: z then is a whole number that
 * counts up along the tracks, while the frame does not change. Nothing is concluded from z that are no whole numbers.
 */
export class AxisOrder {
  private readonly sizes: SetHeader['provenance']['imageSizes'];
  private readonly hasZ: boolean;
  private readonly rowOfId = new Map<number, number>();
  private readonly z: number[] = [];
  private readonly frame: number[] = [];
  private isWhole = true;
  private highest = { z: 0, frame: 0 };
  private readonly byTrack = { frames: new Set<string>(), zs: new Set<string>(), objects: 0 };
  private readonly along = { edges: 0, stepsInZ: 0, stepsInTime: 0 };

  constructor(header: SetHeader) {
    this.hasZ = header.hasZ;
    this.sizes =
      header.spaceUnit === undefined || header.spaceUnit === 'pixel' ? header.provenance.imageSizes : undefined;
  }

  /** Takes objects, and the column that names their tracks where there is one. */
  objects(batch: ObjectBatch, track: Column | undefined): void {
    if (!this.hasZ || !batch.z || !this.isWhole) return;
    for (let row = 0; row < batch.count; row++) {
      const [z, frame] = [batch.z[row]!, batch.frame[row]!];
      if (!Number.isInteger(z)) {
        this.isWhole = false;
        return;
      }
      this.highest = { z: Math.max(this.highest.z, z), frame: Math.max(this.highest.frame, frame) };
      if (this.z.length >= mostLooked) continue;
      this.rowOfId.set(batch.id[row]!, this.z.length);
      this.z.push(z);
      this.frame.push(frame);
      if (!track || track.missing?.[row] === 1) continue;
      const name = track.values[row]!;
      this.byTrack.objects++;
      this.byTrack.frames.add(`${name} ${frame}`);
      this.byTrack.zs.add(`${name} ${z}`);
    }
  }

  /** Takes edges whose objects have gone by. */
  edges(batch: EdgeBatch): void {
    if (!this.hasZ || !this.isWhole) return;
    const { count, sourceId, targetId } = batch;
    for (let edge = 0; edge < count && this.along.edges < mostLooked; edge++) {
      const [a, b] = [this.rowOfId.get(sourceId[edge]!), this.rowOfId.get(targetId[edge]!)];
      if (a === undefined || b === undefined) continue;
      this.along.edges++;
      if (Math.abs(this.z[a]! - this.z[b]!) === 1) this.along.stepsInZ++;
      if (this.frame[a] !== this.frame[b]) this.along.stepsInTime++;
    }
  }

  /** Why the axes look swapped, in words; nothing where they do not. */
  verdict(): string | undefined {
    const { byTrack, along, sizes, highest } = this;
    if (!this.hasZ || !this.isWhole || this.z.length < fewest) return undefined;
    if (along.edges >= fewest && along.stepsInZ > along.edges * 0.8 && along.stepsInTime < along.edges * 0.2)
      return `${along.stepsInZ} of ${along.edges} edges go one step in z, and ${along.stepsInTime} from one frame to another`;
    if (
      byTrack.objects >= fewest &&
      byTrack.frames.size < byTrack.objects * 0.5 &&
      byTrack.zs.size > byTrack.objects * 0.98
    )
      return `the tracks have several objects in a frame, but never two at one z`;
    const { z, t } = sizes ?? {};
    if (z !== undefined && t !== undefined && z !== t && highest.z >= z && highest.z < t && highest.frame < z)
      return `z goes up to ${highest.z} in a film of ${z} slices and ${t} frames`;
    return undefined;
  }
}
