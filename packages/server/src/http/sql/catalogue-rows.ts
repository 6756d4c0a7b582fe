import { commonUnit, type Quantity, toMicrometers, toSeconds } from '@micrarium/model';
import { imageIndex } from '@micrarium/repository';
import type { CatalogueView } from '../../sql/view-sql.ts';
import { describeSet, wordsOf } from '../explore/explored-sets.ts';
import { setsOfVersion, type SsbdSet } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** Rows of a view that the catalogue itself holds, of the versions given. */
export function catalogueRows(view: CatalogueView, versions: readonly FoundVersion[]): Row[] {
  switch (view) {
    case 'studies':
      return versions.map(studyRow);
    case 'datasets':
      return versions.flatMap(setsOfVersion).map(datasetRow);
    case 'images':
      return versions.flatMap(imageRows);
    case 'features':
      return versions.flatMap(setsOfVersion).flatMap(featureRows);
  }
}

const joined = (words: readonly string[]): string | null => (words.length === 0 ? null : words.join('; '));

function studyRow(version: FoundVersion): Row {
  const { accession, metadata, publishedAt, items } = version;
  const { values } = metadata;
  return {
    accession,
    version: version.version,
    title: wordsOf(values.title).join(' '),
    organism: joined(wordsOf(values.organism)),
    cell_type: joined(wordsOf(values.cellType)),
    treatment: joined(wordsOf(values.treatment)),
    imaging_method: joined(wordsOf(values.imagingMethods)),
    licence: joined(wordsOf(values.licence)),
    tier: version.tier,
    published_at: publishedAt,
    year: Number(publishedAt.slice(0, 4)),
    doi: joined(wordsOf(values.doi)),
    files: version.fileCount,
    bytes: version.byteCount,
    images: items.reduce((sum, { images }) => sum + images.length, 0),
    datasets: items.reduce((sum, { trackSets }) => sum + trackSets.length, 0),
  };
}

function datasetRow(source: SsbdSet): Row {
  const { bdmlId, version, item, set } = source;
  const { facets, title } = describeSet(source);
  const { spaceUnit = 'unknown', timeUnit = 'unknown', counts } = set;
  const time = commonUnit('time', spaceUnit, timeUnit);
  return {
    accession: version.accession,
    version: version.version,
    dataset: bdmlId,
    item: item.id,
    part: set.part,
    path: item.path,
    name: set.name,
    title,
    organism: joined(facets.organism),
    cell_type: joined(facets.cellType),
    treatment: joined(facets.condition),
    imaging_method: joined(facets.method),
    licence: joined(facets.licence),
    year: Number(facets.year[0]),
    dimensions: Number(facets.dimensions[0]),
    software: joined(facets.software),
    length_unit: commonUnit('length', spaceUnit, timeUnit).unit,
    time_unit: time.unit,
    original_length_unit: spaceUnit,
    original_time_unit: timeUnit,
    frame_interval: set.frameInterval === undefined ? null : set.frameInterval * time.factor,
    ...counts,
  };
}

function featureRows({ bdmlId, version, set }: SsbdSet): Row[] {
  return set.columns.map(({ name, type, unit, description }) => ({
    accession: version.accession,
    version: version.version,
    dataset: bdmlId,
    name,
    type,
    unit: unit ?? null,
    description: description ?? null,
  }));
}

function imageRows(version: FoundVersion): Row[] {
  const items = new Map(version.items.map((item) => [item.id, item]));
  return imageIndex(version).map(({ item, image, name, path, format, sizes, type, well }) => {
    const described = items.get(item)!.images[image]!;
    const { voxelSize, timeStep, channels } = described;
    const length = (size: Quantity | undefined) => (size && toMicrometers(size as never)) ?? null;
    return {
      accession: version.accession,
      version: version.version,
      item,
      image,
      name,
      path,
      format,
      pixel_type: type,
      size_x: sizes.x,
      size_y: sizes.y,
      size_z: sizes.z,
      size_c: sizes.c,
      size_t: sizes.t,
      voxel_x: length(voxelSize?.x),
      voxel_y: length(voxelSize?.y),
      voxel_z: length(voxelSize?.z),
      time_step: (timeStep && toSeconds(timeStep as never)) ?? null,
      channels: joined(channels.map((channel) => channel.name ?? '').filter((one) => one !== '')),
      well: well ?? null,
    };
  });
}
