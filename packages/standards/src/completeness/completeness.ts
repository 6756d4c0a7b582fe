import type { LocalText } from '../field.ts';
import { isEmail } from '../identifiers/identifiers.ts';
import { metadataFields } from '../fields/metadata-fields.ts';
import { needWordsJa } from './need-words.ts';
import { curatorRole, keyedKinds, type StudyGraph } from '../graph/study-graph.ts';

/** What completeness is measured against. */
export type CompletenessProfile = 'archive' | 'database' | 'rembi' | 'miacme' | 'bioimage-archive' | 'idr';

/** Something a profile asks for. */
export interface CompletenessItem {
  /** What is asked, in plain words. */
  label: string;
  /** The same in the languages of the interface. */
  labels: LocalText;
  obligation: 'required' | 'recommended';
  isThere: boolean;
  /** Where to go: places in the study graph that lack it, such as `biosamples[b-1].organisms`; the place itself where it is there. */
  places: string[];
  /** Field of the form that leads there, where one does. */
  field?: string;
  /** How many data sets lack it, of how many, where some do. */
  lacking?: number;
  asked?: number;
}

/** How far a study is by one profile. */
export interface Completeness {
  profile: CompletenessProfile;
  name: string;
  items: CompletenessItem[];
  /** Required items that are there, and all. */
  done: number;
  required: number;
}

type Kind = (typeof keyedKinds)[number];
type Need = readonly [label: string, place: string, obligation?: 'recommended'];

const names: Readonly<Record<CompletenessProfile, string>> = {
  archive: 'Archive tier',
  database: 'Database tier',
  rembi: 'REMBI',
  miacme: 'MIACME 1.1',
  'bioimage-archive': 'BioImage Archive',
  idr: 'Image Data Resource',
};

/** Of each node of a list (`biosamples[]`) or of the study; a list alone wants one entry at least. */
const needs: Readonly<Record<Exclude<CompletenessProfile, 'archive' | 'database'>, readonly Need[]>> = {
  rembi: [
    ['Title', 'study.title'],
    ['Description', 'study.description'],
    ['Keywords', 'study.keywords'],
    ['Release date', 'study.releaseDate'],
    ['Authors', 'contributors'],
    ['Affiliation of every author', 'contributors[].organisations'],
    ['Study components', 'datasets'],
    ['Description of every study component', 'datasets[].description'],
    ['What every study component was made of and with', 'datasets[].tuples'],
    ['Biosamples', 'biosamples'],
    ['Organism of every biosample', 'biosamples[].organisms'],
    ['What is imaged of every biosample', 'biosamples[].biologicalEntity'],
    ['Specimens', 'specimens'],
    ['Preparation of every specimen', 'specimens[].preparation'],
    ['Image acquisitions', 'acquisitions'],
    ['Imaging method of every acquisition', 'acquisitions[].methods'],
    ['Instrument of every acquisition', 'acquisitions[].instrument'],
    ['Parameters of every acquisition', 'acquisitions[].parameters'],
    ['Alignment of every image correlation', 'correlations[].alignment'],
    ['Fiducials of every image correlation', 'correlations[].fiducials'],
    ['Transformation of every image correlation', 'correlations[].transformation'],
    ['Overview of every analysis', 'analyses[].overview'],
    ['Licence', 'study.licence', 'recommended'],
    ['Sizes and axes of every image', 'images[].sizes', 'recommended'],
    ['Pixel size of every image', 'images[].pixelSize', 'recommended'],
    ['Channels of every image', 'images[].channels', 'recommended'],
    ['Growth protocol of every specimen', 'specimens[].growth', 'recommended'],
    ['Channel information of every specimen', 'specimens[].channels', 'recommended'],
  ],
  miacme: [
    ['Identifier', 'study.identifier'],
    ['Title', 'study.title'],
    ['Description', 'study.description'],
    ['Type of the study', 'study.types'],
    ['Contacts', 'contributors'],
    ['ORCID of every contact', 'contributors[].orcid'],
    ['Cell models (biosamples)', 'biosamples'],
    ['Cell type of every cell model', 'biosamples[].cellType'],
    ['Details of every cell model', 'biosamples[].description'],
    ['Organism of every cell model', 'biosamples[].organisms'],
    ['Treatment of every cell model', 'biosamples[].extrinsicVariables'],
    ['Micro-environment (specimens)', 'specimens'],
    ['Preparation of every specimen', 'specimens[].preparation'],
    ['Imaging conditions', 'acquisitions'],
    ['Modality of every imaging condition', 'acquisitions[].methods'],
    ['Images', 'images'],
    ['Pixels of every image', 'images[].sizes'],
    ['Channels of every image', 'images[].channels'],
    ['Interval of every time series', 'images[].timeStep'],
    ['Physical size of pixels', 'images[].pixelSize', 'recommended'],
    ['Publications', 'publications', 'recommended'],
    ['Objective lens', 'acquisitions[].microscope', 'recommended'],
    ['Growth medium', 'specimens[].growth', 'recommended'],
  ],
  'bioimage-archive': [
    ['Title of at least 25 characters', 'study.title'],
    ['Description of at least 25 characters', 'study.description'],
    ['Keywords', 'study.keywords'],
    ['Licence', 'study.licence'],
    ['Release date', 'study.releaseDate'],
    ['Authors', 'contributors'],
    ['E-mail of one author', 'contributors[].email'],
    ['Affiliation of every author', 'contributors[].organisations'],
    ['Biosamples', 'biosamples'],
    ['Organism of every biosample', 'biosamples[].organisms'],
    ['What is imaged of every biosample', 'biosamples[].biologicalEntity'],
    ['Specimens', 'specimens'],
    ['Preparation of every specimen', 'specimens[].preparation'],
    ['Image acquisitions', 'acquisitions'],
    ['Instrument of every acquisition', 'acquisitions[].instrument'],
    ['Parameters of every acquisition', 'acquisitions[].parameters'],
    ['Imaging method of every acquisition', 'acquisitions[].methods'],
    ['Study components', 'datasets'],
    ['Associations of every study component', 'datasets[].tuples'],
    ['Files', 'files'],
  ],
  idr: [
    ['Accession', 'study.identifier', 'recommended'],
    ['Title', 'study.title'],
    ['Description', 'study.description'],
    ['Type of the study', 'study.types'],
    ['Publication', 'publications'],
    ['Title of every publication', 'publications[].title'],
    ['Authors of every publication', 'publications[].authors'],
    ['Release date', 'study.releaseDate'],
    ['Licence', 'study.licence', 'recommended'],
    ['Contacts', 'contributors'],
    ['Organism', 'biosamples[].organisms'],
    ['Sample type', 'biosamples[].biologicalEntity'],
    ['Experiments or screens', 'datasets'],
    ['Description of every experiment', 'datasets[].description'],
    ['Imaging method', 'acquisitions[].methods'],
    ['Images', 'images'],
  ],
};

/** Field of the form that leads to a place no single field stands at. */
const fieldOfPlace: Readonly<Record<string, string>> = {
  'contributors[].organisations': 'contributors',
  'contributors[].orcid': 'contributors',
  'contributors[].email': 'contactEmail',
  'datasets[].tuples': 'organism',
  datasets: 'datasetDescription',
  biosamples: 'organism',
  specimens: 'samplePreparation',
  acquisitions: 'imagingMethods',
  publications: 'paperDoi',
  'publications[].title': 'paperLong',
  // The citation in one line names them for people, a line of the papers for programs.
  'publications[].authors': 'papers',
  'acquisitions[].microscope': 'microscope',
  'acquisitions[].instrument': 'microscope',
};

/** Does a study look like one of cell migration? By GO term (GO:0016477 and what is named after it) and by its words. */
export function isCellMigration(graph: StudyGraph): boolean {
  const words =
    /(cell|collective|leukocyte|neutrophil|fibroblast)[- ](migration|motility|invasion|locomotion)|migration of \S+ cells|chemotaxis|wound[- ](healing|closure)|scratch assay|migrating cells|細胞(遊走|移動)/i;
  const processes = graph.biosamples.flatMap(({ biologicalProcess }) => biologicalProcess ?? []);
  const { title, description, keywords } = graph.study;
  return (
    processes.some(({ id, label }) => id === 'GO:0016477' || words.test(label)) ||
    [title, description, ...(keywords ?? [])].some((text) => words.test(text ?? ''))
  );
}

/** How complete a study is by every profile that concerns it; MIACME only for experiments of cell migration. */
export function completenessOf(graph: StudyGraph): Completeness[] {
  const profiles = (Object.keys(names) as CompletenessProfile[]).filter(
    (profile) => profile !== 'miacme' || isCellMigration(graph),
  );
  return profiles.map((profile) => completenessBy(profile, graph));
}

/** How complete a study is by one profile. */
export function completenessBy(profile: CompletenessProfile, graph: StudyGraph): Completeness {
  const list =
    profile === 'archive' || profile === 'database'
      ? tierNeeds(profile)
      : needs[profile].map(([label, place, obligation]) => ({
          label,
          place,
          obligation: obligation ?? ('required' as const),
        }));
  const items = list.map(({ label, place, obligation, ...more }): CompletenessItem => {
    const lacking = lackingPlaces(graph, place);
    const field =
      'field' in more
        ? (more.field as string)
        : (fieldOfPlace[place] ?? metadataFields.find((one) => one.place === place)?.id);
    return {
      label,
      labels: 'labels' in more ? (more.labels as LocalText) : { en: label, ja: needWordsJa[label] ?? label },
      obligation,
      isThere: lacking.length === 0,
      places: lacking.length === 0 ? [place] : lacking,
      ...(field === undefined ? {} : { field }),
    };
  });
  const required = items.filter(({ obligation }) => obligation === 'required');
  return {
    profile,
    name: names[profile],
    items,
    done: required.filter(({ isThere }) => isThere).length,
    required: required.length,
  };
}

function tierNeeds(tier: 'archive' | 'database') {
  return metadataFields
    .filter((field) => field[tier] === 'required' || field[tier] === 'recommended')
    .map((field) => ({
      label: field.label.en,
      labels: field.label,
      place: field.place,
      obligation: field[tier] as 'required' | 'recommended',
      field: field.id,
    }));
}

const isThere = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : typeof value === 'object' && value !== null
      ? Object.keys(value).length > 0
      : value !== undefined && value !== '';

/** Places of the graph where something asked for is not; empty where nothing is lacking. */
function lackingPlaces(graph: StudyGraph, place: string): string[] {
  const match = /^([a-z]+)(?:\[(\w*)\])?(?:\.(\w+))?$/.exec(place);
  if (!match) return [];
  const [, kind, filter, member] = match;
  if (kind === 'study') return isGoodEnough(place, (graph.study as Record<string, unknown>)[member!]) ? [] : [place];
  if (kind === 'files')
    return graph.files.some(
      (file) => member === undefined || isThere((file as unknown as Record<string, unknown>)[member]),
    )
      ? []
      : [place];
  const nodes = graph[kind as Kind] as unknown as readonly Record<string, unknown>[] | undefined;
  if (!nodes) return [];
  const isCurator = (node: Record<string, unknown>) =>
    kind === 'contributors' && Array.isArray(node.roles) && node.roles.includes(curatorRole);
  const chosen = nodes.filter((node) => (filter ? node[filter] === true : !isCurator(node)));
  if (member === undefined) return chosen.length > 0 ? [] : [place];
  const has = (node: Record<string, unknown>) => isThere(node[member]) || (member === 'name' && isThere(node.lastName));
  // One address, one person with an e-mail, is enough.
  if (place === 'contributors[].email')
    return chosen.some(({ email }) => typeof email === 'string' && isEmail(email)) ? [] : [place];
  if (filter) return chosen.some(has) ? [] : [place];
  // What need not be there at all is only looked at where it is; the others are asked for by an entry of their own.
  if (chosen.length === 0) return kind === 'correlations' || kind === 'analyses' ? [] : [place];
  const asked =
    place === 'images[].timeStep'
      ? chosen.filter((node) => ((node.sizes as { t?: number } | undefined)?.t ?? 1) > 1)
      : chosen;
  return asked.filter((node) => !has(node)).map((node) => `${kind}[${String(node.key)}].${member}`);
}

function isGoodEnough(place: string, value: unknown): boolean {
  return isThere(value) && !(place === 'study.title' && typeof value === 'string' && value.trim() === '');
}
