import type { Contributor, FieldValue, StudyItem, Term, TrackSetSummary } from '@micrarium/model';
import { publicMetadata } from '@micrarium/repository';
import type { Services } from '../kernel.ts';
import { Remembered } from '../remembered.ts';
import type { FoundVersion } from '../study-access.ts';

/** One quantitative data set as SSBD counts them: a set of objects of the newest version of a study. */
export interface SsbdSet {
  /** `MIC-000001_ieh7twwhan6s`, with `_1` for the second set of an item: stable across versions as long as the file stays the same. */
  bdmlId: string;
  version: FoundVersion;
  item: StudyItem;
  set: TrackSetSummary;
}

/** Milliseconds for which the list of all sets is not made again. */
const rememberedFor = 30_000;

/** Studies asked for at once. */
const studiesAtOnce = 200;

/** Studies looked up at once. */
const lookedUpAtOnce = 8;

const remembered = new WeakMap<Services['studies'], Remembered<FoundVersion[]>>();
/** All sets of all studies that are open, in the order of their last change. */
export async function allSets(services: Services): Promise<SsbdSet[]> {
  return (await openVersions(services)).flatMap(setsOfVersion);
}

/** The newest version of every study that is open, in the order of their last change. */
export async function openVersions(services: Services): Promise<FoundVersion[]> {
  let lists = remembered.get(services.studies);
  if (!lists) remembered.set(services.studies, (lists = new Remembered(rememberedFor)));
  const [versions = [], closed] = await Promise.all([
    lists.get('all', () => listVersions(services)),
    services.states.closed(),
  ]);
  // What was closed since it was remembered is told of no more.
  return versions.filter(({ accession }) => !closed.has(accession));
}

async function listVersions(services: Services): Promise<FoundVersion[]> {
  const versions: FoundVersion[] = [];
  let after: { publishedAt: string; accession: string } | undefined;
  for (;;) {
    const { studies } = await services.search.changed({ limit: studiesAtOnce, ...(after ? { after } : {}) });
    for (let at = 0; at < studies.length; at += lookedUpAtOnce) {
      const some = studies.slice(at, at + lookedUpAtOnce);
      const found = await Promise.all(some.map(({ accession }) => openVersion(services, accession)));
      versions.push(...found.filter((one) => one !== undefined));
    }
    const last = studies.at(-1);
    if (!last || studies.length < studiesAtOnce) return versions;
    after = { publishedAt: last.changedAt, accession: last.accession };
  }
}

/** The newest version of a study whose data are open to everybody; none of one that is withdrawn or under embargo. */
export async function openVersion(services: Services, accession: string): Promise<FoundVersion | undefined> {
  const state = await services.states.of(accession);
  if (state.state !== 'published') return undefined;
  const found = await services.studies.getVersion(accession, 'newest');
  return found && { ...found, metadata: publicMetadata(found.metadata) };
}

async function setsOf(services: Services, accession: string): Promise<SsbdSet[]> {
  const version = await openVersion(services, accession);
  return version ? setsOfVersion(version) : [];
}

/** The sets of objects of a version. */
export function setsOfVersion(version: FoundVersion): SsbdSet[] {
  return version.items.flatMap((item) =>
    item.trackSets.map((set) => ({
      bdmlId: `${version.accession}_${item.id}${set.part > 0 ? `_${set.part}` : ''}`,
      version,
      item,
      set,
    })),
  );
}

/** The set of an id; the study is asked for directly. */
export async function setOfId(services: Services, bdmlId: string): Promise<SsbdSet | undefined> {
  const match = /^([A-Z]+-\d{1,12})_[a-z0-9]+(?:_\d{1,4})?$/.exec(bdmlId);
  return match ? (await setsOf(services, match[1]!)).find((one) => one.bdmlId === bdmlId) : undefined;
}

/** Every endpoint's records are flat or one level deep, of texts. */
export type SsbdRecord = { readonly [field: string]: string | { readonly [field: string]: string } };

function textOf(value: FieldValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return (value as (string | Term)[]).map((one) => (typeof one === 'string' ? one : one.label)).join('; ');
}

const day = (iso: string) => iso.slice(0, 10);

/** Records of `data/`: the metadata of the set. */
export function dataRecord({ bdmlId, version, item, set }: SsbdSet): SsbdRecord {
  const { values } = version.metadata;
  const dataset = version.datasets.find(({ quantitativeItems }) => quantitativeItems.includes(item.id));
  /** Of the data set, where it says something of its own. */
  const own = (field: string) => textOf((dataset && values[`${field}@${dataset.id}`]) ?? values[field]);
  return {
    bdmlID: bdmlId,
    localID: item.trackSets.length < 2 ? item.path : `${item.path} (${set.name})`,
    title: textOf(values.title),
    description: textOf(values.description),
    organism: own('organism'),
    contributors: personRecords({ bdmlId, version, item, set }, 'contributor')
      .flatMap(({ person }) => (typeof person === 'object' ? [`${person.first_name} ${person.last_name}`.trim()] : []))
      .join('; '),
    datatype: own('datatype') || (set.counts.edges > 0 ? 'tracks' : 'objects'),
    basedon: own('basedOn'),
    gene: own('genesProteinsReagents'),
    orf: '',
    license: textOf(values.licence),
    release: day(version.publishedAt),
    schema_ver: '',
    method_summary: own('imagingMethods'),
    dblink: own('links'),
    accession: version.accession,
    version: String(version.version),
  };
}

/** Records of `contributor/` and `contact/`: the persons of a set with their places. E-mail addresses are not told. */
export function personRecords({ bdmlId, version }: SsbdSet, who: 'contributor' | 'contact'): SsbdRecord[] {
  const { values } = version.metadata;
  const people = Array.isArray(values.contributors) ? (values.contributors as Contributor[]) : [];
  const contact: Contributor = {
    firstName: textOf(values.contactFirstName),
    lastName: textOf(values.contactLastName),
    organisation: textOf(values.contactOrganisation),
    role: 'image and quantitative',
  };
  const listed = who === 'contact' ? [contact] : people.length > 0 ? people : [contact];
  return listed.map((one) => ({ bdmlID: bdmlId, person: personOf(one), affiliation: placeOf(one) }));
}

const personOf = ({ firstName, lastName, orcid }: Contributor) => ({
  first_name: firstName,
  last_name: lastName,
  orcid: orcid ?? '',
  E_mail: '',
});

const placeOf = ({ organisation, department, laboratory }: Contributor) => ({
  organization: organisation,
  department: department ?? '',
  laboratory: laboratory ?? '',
  address: '',
});

/** Records of `bd5scaleunit/`: positions are in units already, so that scales are 1. */
export function scaleRecord({ bdmlId, set }: SsbdSet): SsbdRecord {
  return {
    bdmlID: bdmlId,
    xScale: '1',
    yScale: '1',
    zScale: set.hasZ ? '1' : '0',
    xyzUnit: set.spaceUnit ?? 'unknown',
    tScale: String(set.frameInterval ?? 1),
    tUnit: set.frameInterval === undefined ? 'frame' : (set.timeUnit ?? 'unknown'),
  };
}
