import type { ChannelDescription, Issue, Quantity, TrackCounts } from '@micrarium/model';
import type { ImageDescription } from '@micrarium/model';
import type { FormatId, ItemKind } from './recognition/format-id.ts';

/** One line of `inspect --json`; the same object is what the deposit page shows. A published contract. */
export interface InspectReport {
  /** What was asked. */
  path: string;
  /** Members of a set; left out for a single file. */
  files?: string[];
  format: FormatId;
  formatVersion?: string;
  kind: ItemKind;
  counts?: TrackCounts;
  /** Several sets in one file; `counts` is their sum. */
  parts?: { name: string; counts: TrackCounts }[];
  images?: InspectedImage[];
  units?: { space?: string; time?: string };
  issues: Issue[];
}

/** An image as reported: what the file does not say is left out. */
export interface InspectedImage {
  name: string;
  sizes: ImageDescription['sizes'];
  type: string;
  samples?: number;
  voxelSize?: { z?: Quantity; y?: Quantity; x?: Quantity };
  timeStep?: Quantity;
  channels: ChannelDescription[];
  acquiredAt?: string;
}
