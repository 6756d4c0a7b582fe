import {
  type Dataset,
  type FieldOrigin,
  type FieldValue,
  type InstrumentDescription,
  type StudyItem,
  type StudyMetadata,
  versionLabel,
} from '@micrarium/model';
import { microscopeLine, microscopeOfInstrument } from '../graph/microscope-line.ts';
import { valueFor, valueKey } from './tiers.ts';

/** A value nobody has to type, and where it comes from. */
export interface GivenValue {
  value: FieldValue;
  origin: FieldOrigin;
}

/** What values are given for: a published version, or a draft that has no date yet. */
export interface GivenStudy {
  metadata: StudyMetadata;
  items: readonly Pick<StudyItem, 'id' | 'path' | 'format' | 'images' | 'trackSets'>[];
  datasets: readonly Dataset[];
  accession?: string;
  version?: number;
  minor?: number;
  revisedAt?: string;
  publishedAt?: string;
  url?: string;
}

const number = (value: number) => String(Number(value.toPrecision(6)));

/**
 * What the archive and the files themselves say of the fields, by key: of the study its name, address, version and
 * dates, of each data set its place, kind, title, formats, scales and microscope. A value a person typed stands before them.
 */
export function givenValues(study: GivenStudy): Record<string, GivenValue> {
  const given: Record<string, GivenValue> = {};
  const archive: FieldOrigin = { kind: 'account' };
  const put = (key: string, value: FieldValue | undefined, origin: FieldOrigin) => {
    if (value !== undefined && value.length > 0) given[key] = { value, origin };
  };
  put('projectName', study.accession, archive);
  put('projectUrl', study.url ?? (study.accession === undefined ? undefined : `/studies/${study.accession}`), archive);
  put('version', study.version === undefined ? undefined : versionLabel({ ...study, version: study.version }), archive);
  const { contactFirstName, contactLastName, releaseDate } = study.metadata.values;
  put(
    'updateDate',
    (study.revisedAt ?? study.publishedAt)?.slice(0, 10) ?? (typeof releaseDate === 'string' ? releaseDate : ''),
    archive,
  );
  const names = [contactFirstName, contactLastName].filter((name) => typeof name === 'string' && name !== '');
  put('contactName', names.join(' '), archive);
  const items = new Map(study.items.map((item) => [item.id, item]));
  for (const dataset of study.datasets) ofDataset(dataset, items, put);
  return given;
}

type Item = GivenStudy['items'][number];
type Put = (key: string, value: FieldValue | undefined, origin: FieldOrigin) => void;

function ofDataset(dataset: Dataset, items: ReadonlyMap<string, Item>, put: Put): void {
  const ids = [...new Set([...dataset.imageItems, ...dataset.quantitativeItems])];
  const members = ids.flatMap((id) => items.get(id) ?? []);
  const first = members[0];
  if (!first) return;
  const origin: FieldOrigin = { kind: 'file', file: first.path };
  const key = (field: string) => valueKey(field, dataset.id);
  put(key('file'), members.map(({ path }) => path).join(', '), origin);
  put(key('kind'), dataset.imageItems.length > 0 ? 'Image data' : 'Quantitative data', origin);
  put(key('datasetTitle'), dataset.title, origin);
  put(key('localId'), dataset.title.replace(/\.[A-Za-z0-9]{1,8}$/, '').replace(/[^A-Za-z0-9_-]+/g, '-'), origin);
  const images = members.flatMap((item) => item.images.map((image) => ({ image, path: item.path })));
  const scaled = images.find(({ image }) => image.voxelSize?.x);
  if (scaled) {
    const { x, y, z } = scaled.image.voxelSize!;
    const planar =
      y === undefined || y.value === x!.value
        ? `XY: ${number(x!.value)} ${x!.unit}/pixel`
        : `X: ${number(x!.value)} ${x!.unit}/pixel, Y: ${number(y.value)} ${y.unit}/pixel`;
    const depth = z && scaled.image.sizes.z > 1 ? `, Z: ${number(z.value)} ${z.unit}/slice` : '';
    put(key('spaceScale'), `${planar}${depth}`, { kind: 'file', file: scaled.path });
  }
  const timed = images.find(({ image }) => image.timeStep);
  const step = timed?.image.timeStep;
  if (timed && step)
    put(key('timeScale'), `${number(step.value)} ${step.unit} for each time interval`, {
      kind: 'file',
      file: timed.path,
    });
  else if (images.length > 0 && images.every(({ image }) => image.sizes.t === 1)) put(key('timeScale'), 'NA', origin);
  const seen = images.find(({ image }) => lineOf(image.instrument) !== undefined);
  if (seen) put(key('microscope'), lineOf(seen.image.instrument), { kind: 'file', file: seen.path });
}

/** A line of what a file says of its microscope; software alone is none. */
const lineOf = (instrument: InstrumentDescription | undefined) =>
  (instrument?.manufacturer ?? instrument?.model ?? instrument?.objective ?? instrument?.detector)
    ? microscopeLine({ microscope: microscopeOfInstrument(instrument) })
    : undefined;

/**
 * What holds for a field, of the study or of one data set: what was typed for it, else for the whole study, else what
 * is given.
 */
export function heldValue(
  values: Readonly<Record<string, FieldValue>>,
  given: Readonly<Record<string, GivenValue>>,
  field: string,
  dataset?: string,
): FieldValue | undefined {
  return valueFor(values, field, dataset) ?? given[valueKey(field, dataset)]?.value ?? given[field]?.value;
}
