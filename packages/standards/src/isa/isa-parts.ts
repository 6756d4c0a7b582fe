import { leafPairs, nodeOfPairs } from '../exchange/leaves.ts';
import { sourceOf, termOfParts } from '../exchange/terms.ts';
import type { BiosampleNode, DatasetTuple, StudyGraph, TermReference } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';

/** Comments with this before their name hold fields of ours that ISA has no name for. */
export const ownComment = 'micrarium:';

/** Everything a node says beyond what is written elsewhere, as comments. */
export function ownComments(node: object, written: readonly string[] = [], prefix = ''): Json[] {
  return leafPairs(node, ['key', ...written]).map(([path, value]) => ({
    name: `${ownComment}${prefix}${path}`,
    value: String(value),
  }));
}

/** Reads what `ownComments` wrote. */
export function readOwn(comments: Json | undefined): JsonRecord {
  return nodeOfPairs(
    recordsOf(comments).flatMap((one) => {
      const name = textOf(one.name);
      return name?.startsWith(ownComment) ? [[name.slice(ownComment.length), textOf(one.value) ?? ''] as const] : [];
    }),
  );
}

/** Value of a comment by name. */
export function commentOf(comments: Json | undefined, name: string): string | undefined {
  return textOf(recordsOf(comments).find((one) => textOf(one.name)?.toLowerCase() === name.toLowerCase())?.value);
}

/** A term as an ontology annotation. */
export function annotation(term: TermReference): JsonRecord {
  return {
    annotationValue: term.label,
    termSource: sourceOf(term) ?? '',
    termAccession: termAddress(term.id) ?? term.id ?? '',
  };
}

/** An ontology annotation, or plain text, as a term. */
export function termOfAnnotation(value: Json | undefined): TermReference | undefined {
  const record = recordsOf(value)[0];
  const label = record ? textOf(record.annotationValue) : textOf(value);
  if (label === undefined) return undefined;
  return record ? termOfParts(label, textOf(record.termSource), textOf(record.termAccession)) : { label };
}

/** Characteristics of a source: column names, and the terms of a biosample under them. */
export const sampleCharacteristics: readonly (readonly [
  name: string,
  take: (sample: BiosampleNode) => TermReference[],
])[] = [
  ['Organism', ({ organisms }) => organisms ?? []],
  ['Strain', ({ strain }) => (strain ?? []).map((label) => ({ label }))],
  ['Cell Line', ({ cellLine }) => cellLine ?? []],
  ['Cell Type', ({ cellType }) => cellType ?? []],
  ['Organism Part', ({ tissue }) => tissue ?? []],
  ['Sex', ({ sex }) => (sex === undefined ? [] : [{ label: sex }])],
  ['Age', ({ age }) => (age === undefined ? [] : [{ label: age }])],
  [
    'Biological Entity',
    ({ biologicalEntity }) => (biologicalEntity === undefined ? [] : [{ label: biologicalEntity }]),
  ],
];

/** A biosample of the characteristics another program wrote. */
export function sampleOfCharacteristics(
  key: string,
  title: string,
  pairs: readonly (readonly [string, TermReference])[],
): BiosampleNode {
  const under = (...names: string[]) =>
    pairs.filter(([name]) => names.includes(name.toLowerCase().replace(/_/g, ' '))).map(([, term]) => term);
  const lists = {
    organisms: under('organism', 'species'),
    strain: under('strain', 'strain or line').map(({ label }) => label),
    cellLine: under('cell line'),
    cellType: under('cell type', 'celltype'),
    tissue: under('organism part', 'tissue', 'material type'),
  };
  const sex = under('sex')[0]?.label;
  const age = under('age')[0]?.label;
  const entity = under('biological entity')[0]?.label;
  return {
    key,
    title,
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(sex === undefined ? {} : { sex }),
    ...(age === undefined ? {} : { age }),
    ...(entity === undefined ? {} : { biologicalEntity: entity }),
  };
}

/** What goes into one assay: a data set with a sample, how it was recorded, and its files. */
export interface AssayRow {
  sample: string;
  acquisition?: string;
  analysis?: string;
  images: string[];
  derived: string[];
}

/** Samples: each pair of biosample and specimen that a data set was made of. */
export interface SampleRow {
  name: string;
  biosample?: string;
  specimen?: string;
}

/** A study as ISA sees it. */
export interface IsaPlan {
  samples: SampleRow[];
  assays: { dataset: StudyGraph['datasets'][number]; fileName: string; rows: AssayRow[] }[];
}

/** Lays a study out as sources, samples and assays. Names are unique in their kind (`withUniqueTitles`). */
export function isaPlan(graph: StudyGraph): IsaPlan {
  const samples = new Map<string, SampleRow>();
  const tuplesOf = tuplesWithGeneral(graph);
  const sampleOf = (biosample: string | undefined, specimen: string | undefined): string | undefined => {
    if (biosample === undefined && specimen === undefined) return undefined;
    const id = `${biosample ?? ''} ${specimen ?? ''}`;
    const known = samples.get(id);
    if (known) return known.name;
    const parts = [
      graph.biosamples.find(({ key }) => key === biosample)?.title,
      graph.specimens.find(({ key }) => key === specimen)?.title,
    ];
    const wanted = parts.filter(Boolean).join(' / ');
    let name = wanted;
    for (let count = 2; [...samples.values()].some((one) => one.name === name); count++) name = `${wanted} (${count})`;
    samples.set(id, {
      name,
      ...(biosample === undefined ? {} : { biosample }),
      ...(specimen === undefined ? {} : { specimen }),
    });
    return name;
  };
  const filesOf = Map.groupBy(graph.files, ({ dataset }) => dataset);
  const assays = graph.datasets.map((dataset) => {
    const files = filesOf.get(dataset.key) ?? [];
    const isImage = (file: (typeof files)[number]) =>
      dataset.kind !== 'quantitative' &&
      (file.type === undefined || file.type === 'image') &&
      !/^text\/|json|parquet|csv|xml/.test(file.mediaType ?? '');
    const images = files.filter(isImage).map(({ path }) => path);
    const derived = files.filter((file) => !isImage(file)).map(({ path }) => path);
    const tuples = tuplesOf(dataset);
    // Which of hundreds of samples a file is of is not told: it then stands with the study's files alone.
    const isTold = tuples.length * files.length <= mostLinks;
    const rows = tuples.flatMap((tuple): AssayRow[] => {
      const sample = sampleOf(tuple.biosample, tuple.specimen);
      if (sample === undefined) return [];
      return [
        {
          sample,
          images: isTold ? images : [],
          derived: isTold ? derived : [],
          ...(tuple.acquisition === undefined ? {} : { acquisition: tuple.acquisition }),
          ...(tuple.analysis === undefined ? {} : { analysis: tuple.analysis }),
        },
      ];
    });
    return { dataset, fileName: `a_${dataset.key.replace(/[^A-Za-z0-9_-]/g, '_')}.txt`, rows };
  });
  // What no data set uses is a sample all the same.
  for (const { key } of graph.biosamples)
    if (![...samples.values()].some(({ biosample }) => biosample === key)) sampleOf(key, undefined);
  return { samples: [...samples.values()], assays };
}

/** Links between samples and files of one assay that are written. */
const mostLinks = 20_000;

/**
 * What a data set was made of and how. What is told of the whole study and linked to no data set holds for those that do
 * not say it themselves.
 */
function tuplesWithGeneral(graph: StudyGraph): (dataset: StudyGraph['datasets'][number]) => DatasetTuple[] {
  const tuples = graph.datasets.flatMap((one) => one.tuples ?? []);
  const unlinked = (link: keyof DatasetTuple, nodes: readonly { key: string }[]) =>
    nodes.filter(({ key }) => !tuples.some((tuple) => tuple[link] === key)).map(({ key }) => key);
  const biosamples = unlinked('biosample', graph.biosamples);
  const rest = (['specimen', 'acquisition', 'analysis'] as const).flatMap((link) => {
    const [key] = unlinked(
      link,
      { specimen: graph.specimens, acquisition: graph.acquisitions, analysis: graph.analyses }[link],
    );
    return key === undefined ? [] : [[link, key] as const];
  });
  return (dataset) => {
    const own = dataset.tuples && dataset.tuples.length > 0 ? dataset.tuples : [{}];
    return own.flatMap((tuple): DatasetTuple[] => {
      const whole: DatasetTuple = { ...Object.fromEntries(rest), ...tuple };
      return whole.biosample === undefined && biosamples.length > 0
        ? biosamples.map((biosample) => ({ ...whole, biosample }))
        : [whole];
    });
  };
}

/** Vocabularies that a study's terms come from, for the list of term sources. */
export function termSources(graph: StudyGraph): string[] {
  const terms = [
    ...(graph.study.types ?? []),
    ...graph.biosamples.flatMap((sample) => sampleCharacteristics.flatMap(([, take]) => take(sample))),
    ...graph.acquisitions.flatMap(({ methods }) => methods ?? []),
  ];
  return [...new Set(terms.flatMap((term) => sourceOf(term) ?? []))];
}
