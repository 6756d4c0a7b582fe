import {
  type ColumnMapping,
  type Item,
  type KeyValues,
  type KnownKeys,
  type TrackIndex,
  writeTrackTables,
} from '@micrarium/formats';
import type { ConversionRecord, Issue, StudyItem, TrackSetSummary } from '@micrarium/model';
import { formKeys, type Mapping, recipes, tool } from './forms.ts';
import { columnsOf } from './ingest-feature-tables.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { buildForm } from './stored-form.ts';

/** What the tables of an item's tracks and objects are, and what was learned making them. */
export interface TracksForm {
  outputs: WrittenOutput[];
  trackSets: TrackSetSummary[];
  issues: Issue[];
  formatVersion?: string;
  madeAt: string;
}

/** Choices of an ingest. */
export interface IngestOptions {
  signal?: AbortSignal | undefined;
  mapping?: Mapping | undefined;
  /** What feature tables may name, asked when there are some. */
  known?: ((keys: readonly KeyValues[]) => Promise<KnownKeys>) | undefined;
  /** The item as it was published, where forms of it that were dropped are made again: they go where it says. */
  again?: StudyItem | undefined;
  /** Fraction done, 0..1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Makes the Parquet tables of an item (or finds them made). What the reader throws is passed on. */
export async function makeTrackTables(
  ports: { derived: DerivedStore; now: () => Date },
  item: Item,
  itemId: string,
  options: IngestOptions,
): Promise<{ form: TracksForm; conversion: ConversionRecord | undefined }> {
  const reader = await item.descriptor!.tracks!.reader();
  const { mapping, signal, onProgress } = options;
  const columns = columnsOf(mapping);
  const form = await buildForm(ports.derived, formKeys(itemId, mapping).tracks, async (sink): Promise<TracksForm> => {
    const hashing = new HashingSink(sink, contentPath);
    const written = await writeTrackTables(reader, item, hashing, {
      ...(columns ? { mapping: columns as ColumnMapping } : {}),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    const { formatVersion, issues, sets } = written;
    return {
      outputs: hashing.outputs,
      trackSets: sets.map(({ index }, part) => summaryOf(index, part)),
      issues,
      ...(formatVersion === undefined ? {} : { formatVersion }),
      madeAt: ports.now().toISOString(),
    };
  });
  const parameters = {
    recipeVersion: recipes['tracks-to-parquet'],
    ...(mapping && Object.keys(mapping).length > 0 ? { mapping: JSON.stringify(mapping) } : {}),
  };
  const conversion: ConversionRecord | undefined =
    form.trackSets.length === 0
      ? undefined
      : { recipe: 'tracks-to-parquet', ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
  return { form, conversion };
}

/** `objects.parquet` of the only set and `set-2/objects.parquet` of the second are `tracks-0/…` and `tracks-1/…` to whoever reads them. */
function contentPath(path: string): string {
  const match = /^set-(\d+)\/(.*)$/.exec(path);
  return match ? `tracks-${Number(match[1]) - 1}/${match[2]}` : `tracks-0/${path}`;
}

/** Summary of a set for the catalogue and the pages, from what the first pass learned. */
function summaryOf(index: TrackIndex, part: number): TrackSetSummary {
  const { header, counts } = index;
  const { provenance } = header;
  const extent = finiteExtent(index.extent);
  const known = {
    spaceUnit: header.spaceUnit,
    timeUnit: header.timeUnit,
    frameInterval: provenance.frameInterval,
    extent,
    imageName: provenance.imageName,
    imageSizes: provenance.imageSizes,
    pixelSize: provenance.pixelSize,
    software: provenance.software,
    softwareVersion: provenance.softwareVersion,
    tracking: provenance.tracking,
  };
  const said = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return {
    part,
    name: header.name,
    counts: { ...counts },
    hasZ: header.hasZ,
    entity: header.entity,
    columns: header.objectColumns.map(({ name, type, unit, description }) => ({
      name,
      type,
      ...(unit === undefined ? {} : { unit }),
      ...(description === undefined ? {} : { description }),
    })),
    ...said,
  };
}

function finiteExtent(extent: TrackIndex['extent']): TrackSetSummary['extent'] {
  if (!extent) return undefined;
  const isFinite = (range: [number, number]) => Number.isFinite(range[0]) && Number.isFinite(range[1]);
  if (!isFinite(extent.x) || !isFinite(extent.y)) return undefined;
  const { x, y, z, frame } = extent;
  return { x, y, ...(z && isFinite(z) ? { z } : {}), frame };
}
