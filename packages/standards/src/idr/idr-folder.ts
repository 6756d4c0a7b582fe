import type { Exported, Imported } from '../exchange/exchange.ts';
import type { BiosampleNode, ChannelNode, DatasetNode, StudyGraph, TermReference } from '../graph/study-graph.ts';
import { type IdrAnnotation, readIdrAnnotation, writeIdrAnnotation } from './annotation.ts';
import { exportIdr, importIdr } from './idr.ts';

/** Name under which the annotation tables that were read go with a graph, to be given back as they were. */
export const keptTables = 'idr-annotation';

/** Images that tables make nodes of; what is beyond stays in the tables. */
const mostImages = 20_000;
/** Values of one condition that are told of a sample; more are a measurement of every image. */
const mostConditions = 20;

/** Is the file an annotation table of IDR, by its name? */
export const isIdrTable = (name: string) => /-annotation\.csv$/i.test(name);

/** Reads a folder of IDR: the study file and the annotation tables beside it, by path. */
export function importIdrFiles(texts: ReadonlyMap<string, string>): Imported {
  const study = [...texts].find(([name]) => /-study\.txt$/i.test(name))?.[1] ?? '';
  return importIdrFolder(study, new Map([...texts].filter(([name]) => isIdrTable(name))));
}

/**
 * Reads an IDR study file with its annotation tables: what all images of a data set share goes to its sample, the images
 * with their channels to the data set. The tables themselves stay with the graph and are given back by `exportIdrFolder`.
 * @param tables annotation tables by path
 */
export function importIdrFolder(study: string, tables: ReadonlyMap<string, string>): Imported {
  const imported = importIdr(study);
  if (tables.size === 0) return imported;
  const { graph } = imported;
  for (const [name, text] of tables) {
    const dataset = datasetOf(graph, name);
    if (dataset) tell(graph, dataset, readIdrAnnotation(text));
  }
  const kept = [...tables].map(([path, now]) => ({ path: [path.slice(path.lastIndexOf('/') + 1)], now }));
  return { ...imported, graph: { ...graph, kept: { ...graph.kept, [keptTables]: kept } } };
}

const componentOf = (text: string) => /(?:experiment|screen)[A-Z]\w*?(?=-annotation|$)/.exec(text)?.[0];

/** The data set that a table is of: its name ends like that of the data set. */
function datasetOf(graph: StudyGraph, name: string): DatasetNode | undefined {
  const component = componentOf(name.slice(name.lastIndexOf('/') + 1));
  const named = graph.datasets.find(({ title }) => component !== undefined && title.endsWith(`/${component}`));
  return named ?? (graph.datasets.length === 1 ? graph.datasets[0] : undefined);
}

/** Columns of characteristics that a sample has a place for. */
const termPlaces = [
  ['organism', 'organisms'],
  ['cell line', 'cellLine'],
  ['cell type', 'cellType'],
  ['organism part', 'tissue'],
] as const;
const textPlaces = [['sex', 'sex'] as const, ['age', 'age'] as const];

function tell(graph: StudyGraph, dataset: DatasetNode, rows: readonly IdrAnnotation[]): void {
  const sample = sampleOf(graph, dataset);
  const under = (name: string) =>
    distinct(rows.flatMap((row) => row.characteristics.filter((one) => one.name.toLowerCase() === name)));
  for (const [name, place] of termPlaces) {
    const terms = under(name);
    if (terms.length > 0 && sample[place] === undefined) sample[place] = terms;
  }
  const strains = under('strain').map(({ label }) => label);
  if (strains.length > 0) sample.strain ??= strains;
  for (const [name, place] of textPlaces) {
    const values = under(name).map(({ label }) => label);
    if (values.length > 0 && values.length <= mostConditions) sample[place] ??= values.join(', ');
  }
  const phenotypes = distinct(rows.flatMap((row) => row.phenotypes.map((term) => ({ term }))));
  if (phenotypes.length > 0) sample.phenotypes ??= phenotypes;
  const conditions = new Map<string, Set<string>>();
  for (const row of rows)
    for (const { name, value } of row.conditions)
      conditions.set(name, (conditions.get(name) ?? new Set<string>()).add(value));
  const told = [...conditions]
    .filter(([, values]) => values.size <= mostConditions)
    .map(([name, values]) => `${name}: ${[...values].join(', ')}`);
  if (told.length > 0) sample.experimentalVariables ??= told;
  for (const row of rows) {
    if (row.name === '' || graph.images.length >= mostImages) continue;
    const channels = channelsOf(row.channels);
    graph.images.push({
      key: `image-${graph.images.length + 1}`,
      name: row.name,
      dataset: dataset.key,
      ...(channels.length > 0 ? { channels } : {}),
    });
  }
}

/** The sample of a data set alone, so that what its table says is not said of others. */
function sampleOf(graph: StudyGraph, dataset: DatasetNode): BiosampleNode {
  const [tuple = {}] = dataset.tuples ?? [];
  const shared = graph.biosamples.find(({ key }) => key === tuple.biosample);
  const isShared = graph.datasets.some(
    (one) => one !== dataset && (one.tuples ?? []).some(({ biosample }) => biosample === tuple.biosample),
  );
  if (shared && !isShared) return shared;
  const sample: BiosampleNode = {
    ...shared,
    key: `biosample-of-${dataset.key}`,
    title: `Biosample ${dataset.title}`,
  };
  graph.biosamples.push(sample);
  dataset.tuples = [{ ...tuple, biosample: sample.key }, ...(dataset.tuples ?? []).slice(1)];
  return sample;
}

function distinct(found: readonly { term: TermReference }[]): TermReference[] {
  const terms = new Map<string, TermReference>();
  for (const { term } of found) if (!terms.has(term.id ?? term.label)) terms.set(term.id ?? term.label, term);
  return [...terms.values()];
}

/** `YFP:DAD4; DIC: whole cell`: a channel and what is seen in it, with semicolons between. */
function channelsOf(text: string | undefined): ChannelNode[] {
  return (text ?? '').split(';').flatMap((part): ChannelNode[] => {
    const [name = '', ...rest] = part.split(':').map((one) => one.trim());
    const target = rest.join(':');
    return name === '' ? [] : [{ name, ...(target === '' ? {} : { target }) }];
  });
}

/**
 * Writes a folder of IDR, by path: the study file first, and the annotation table of every data set with images. Tables
 * that were imported are given back as they were.
 */
export function exportIdrFolder(graph: StudyGraph): Exported<Map<string, string>> {
  const { document, losses } = exportIdr(graph);
  const accession = /^idr\d{4}$/.test(graph.study.identifier ?? '') ? graph.study.identifier! : 'idr0000';
  const files = new Map([[`${accession}-study.txt`, document]]);
  const kept = (graph.kept?.[keptTables] ?? []).flatMap(({ path, now }) =>
    typeof path[0] === 'string' && typeof now === 'string' ? [[path[0], now] as const] : [],
  );
  graph.datasets.forEach((dataset, index) => {
    const component = componentOf(dataset.title) ?? `experiment${letterOf(index)}`;
    const own = kept.filter(([name]) => datasetOf(graph, name) === dataset);
    for (const [name, text] of own) files.set(name, text);
    if (own.length === 0 && graph.images.some((image) => image.dataset === dataset.key))
      files.set(`${accession}-${component}-annotation.csv`, writeIdrAnnotation(graph, dataset.key));
  });
  for (const [name, text] of kept) if (!files.has(name)) files.set(name, text);
  return { document: files, losses };
}

const letterOf = (index: number) =>
  `${String.fromCodePoint(65 + (index % 26))}${index >= 26 ? Math.floor(index / 26) : ''}`;
