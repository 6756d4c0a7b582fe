import type { FieldValue } from '@micrarium/model';
import type { ImportedDataset, ImportedMetadata } from '../exchange/import-metadata.ts';
import { termOfParts } from '../exchange/terms.ts';
import type { TermReference } from '../graph/study-graph.ts';
import { type Json, isRecord } from '../json/json.ts';
import { sampleOfCharacteristics } from './isa-parts.ts';
import { isaTabDocument } from './isa-tab-document.ts';

/** A row of an assay of ISA-Tab: the files it names, and what it and the row of its sample say of them. */
export interface IsaFileRow {
  /** Name of the assay's table. */
  table: string;
  sample: string;
  /** As they are written there. */
  files: string[];
  /** By field id. */
  values: Record<string, FieldValue>;
}

interface Table {
  header: string[];
  rows: string[][];
}

/** A cell with the ones that say more of it: unit, source and accession of its term. */
interface Told {
  kind: 'characteristics' | 'factor value' | 'parameter value';
  name: string;
  term: TermReference;
  unit: string;
}

const textsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one.trim() : '')) : [];

/** Columns that hold names of files: `Raw Data File`, `Derived Data File`, `Image File` and their like. */
const ofFiles = /\bfile(s| name)?$/i;

/**
 * The rows of all assays of an ISA-Tab folder that name files, each with the characteristics and factors of its sample:
 * which file is of what. The investigation says what holds for all (`importIsaTab`).
 * @param texts by file name
 */
export function isaFileRows(texts: ReadonlyMap<string, string>): IsaFileRow[] {
  const document = isaTabDocument(texts);
  const tables = Object.entries(isRecord(document.tables) ? document.tables : {}).map(([name, table]) => {
    const { header, rows } = isRecord(table) ? table : {};
    return { name, header: textsOf(header), rows: Array.isArray(rows) ? rows.map(textsOf) : [] };
  });
  const samples = new Map<string, Told[]>();
  for (const table of tables.filter(({ name }) => /^s_/i.test(name))) {
    const at = columnOf(table, 'sample name');
    const read = columnsOf(table);
    // A pooled sample stands in several rows.
    for (const cells of at < 0 ? [] : table.rows)
      if (cells[at]) samples.set(cells[at], [...(samples.get(cells[at]) ?? []), ...read(cells)]);
  }
  return tables.filter(({ name }) => /^a_/i.test(name)).flatMap((table) => rowsOf(table, table.name, samples));
}

const columnOf = ({ header }: Table, name: string) => header.findIndex((one) => one.toLowerCase() === name);

function rowsOf(table: Table, name: string, samples: ReadonlyMap<string, Told[]>): IsaFileRow[] {
  const at = columnOf(table, 'sample name');
  const fileColumns = table.header.flatMap((one, index) => (ofFiles.test(one) ? [index] : []));
  const read = columnsOf(table);
  return table.rows.flatMap((cells) => {
    const files = [...new Set(fileColumns.flatMap((column) => cells[column] || []))];
    const sample = at < 0 ? '' : (cells[at] ?? '');
    return files.length === 0
      ? []
      : [{ table: name, sample, files, values: valuesOf([...(samples.get(sample) ?? []), ...read(cells)]) }];
  });
}

/** What reads the told cells of a row, their columns found once. */
function columnsOf({ header }: Table): (cells: readonly string[]) => Told[] {
  const columns = header.flatMap((title, index) => {
    const [, kind, name] = /^(characteristics|factor value|parameter value)\s*\[\s*(.+?)\s*\]$/i.exec(title) ?? [];
    if (kind === undefined || name === undefined) return [];
    const beside = new Map<string, number>();
    for (let next = index + 1; next < header.length; next++) {
      const word = header[next]!.toLowerCase();
      if (!/^(unit|term source ref|term accession number)$/.test(word)) break;
      // A second source is that of the unit.
      if (!beside.has(word)) beside.set(word, next);
    }
    return [{ kind: kind.toLowerCase() as Told['kind'], name, index, beside }];
  });
  return (cells) =>
    columns.flatMap(({ kind, name, index, beside }): Told[] => {
      const label = cells[index] ?? '';
      if (label === '') return [];
      const at = (word: string) => cells[beside.get(word) ?? -1] ?? '';
      const unit = at('unit');
      // With a unit, the term beside it is that of the unit.
      const term = unit === '' ? termOfParts(label, at('term source ref'), at('term accession number')) : { label };
      return [{ kind, name, unit, term }];
    });
}

const written = ({ name, term, unit }: Told) => `${name}: ${[term.label, unit].filter(Boolean).join(' ')}`;

/** Parameters that the form has a field of its own for. */
const parameterFields: readonly (readonly [name: RegExp, field: string])[] = [
  [/^imaging (methods?|modality)$/i, 'imagingMethods'],
  [/^(microscope|imaging instrument|instrument)$/i, 'microscope'],
  [/^(pixel size|voxel size)$/i, 'spaceScale'],
  [/^(time|frame|time series) interval$/i, 'timeScale'],
];

/** Parameters of the MIACME configuration that the images themselves tell. */
const toldByImages =
  /^(pixel (size|physicalSize|type|identifier|dimension)|channel definition$|imaging sequence type$|observation period$)/i;

function valuesOf(told: readonly Told[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  const of = (kind: Told['kind']) => told.filter((one) => one.kind === kind);
  const known = of('characteristics');
  const sample = sampleOfCharacteristics(
    '',
    '',
    known.map(({ name, term }) => [name, term] as const),
  );
  const putTerms = (field: string, list: readonly TermReference[] = []) => {
    const seen = new Map(list.map(({ label, id }) => [label, { label, ...(id === undefined ? {} : { id }) }]));
    if (seen.size > 0) values[field] = [...seen.values()];
  };
  const putTexts = (field: string, list: readonly string[] = []) => {
    if (list.length > 0) values[field] = [...new Set(list)];
  };
  putTerms('organism', sample.organisms);
  putTexts('strain', sample.strain);
  putTexts(
    'cellLine',
    sample.cellLine?.map(({ label }) => label),
  );
  putTerms('cellType', sample.cellType);
  putTerms('tissue', sample.tissue);
  if (sample.biologicalEntity !== undefined) values.biologicalEntity = sample.biologicalEntity;
  putTexts(
    'geneticChange',
    known.flatMap(({ name, term }) => (/^genotype$/i.test(name) ? [term.label] : [])),
  );
  putTexts('treatment', of('factor value').map(written));
  const others: string[] = [];
  const methods: TermReference[] = [];
  for (const one of of('parameter value')) {
    const field = parameterFields.find(([name]) => name.test(one.name))?.[1];
    if (field === 'imagingMethods') methods.push(one.term);
    else if (field === undefined) {
      if (!toldByImages.test(one.name)) others.push(written(one));
    } else values[field] = [one.term.label, one.unit].filter(Boolean).join(' ');
  }
  putTerms('imagingMethods', methods);
  if (others.length > 0) values.acquisitionParameters = [...new Set(others)].join('; ');
  return values;
}

/**
 * The parts of an ISA-Tab folder that name files, for `pairFiles`: each row of an assay with what the assay says of it,
 * and the assays that have no such row. What holds for the whole study anyway is left out.
 * @param read the same folder, read by `importMetadata`
 */
export function isaParts(
  texts: ReadonlyMap<string, string>,
  read: Pick<ImportedMetadata, 'values' | 'datasets'>,
): ImportedDataset[] {
  const byFile = new Map(read.datasets.flatMap((dataset) => dataset.files.map((file) => [file, dataset] as const)));
  const byTitle = new Map(read.datasets.map((dataset) => [dataset.title, dataset]));
  const told = new Set<ImportedDataset>();
  const rows = isaFileRows(texts).map(({ table, sample, files, values }): ImportedDataset => {
    const assay = byTitle.get(table) ?? files.flatMap((file) => byFile.get(file) ?? [])[0];
    if (assay) told.add(assay);
    const all = { ...values, ...assay?.values };
    for (const [id, value] of Object.entries(all))
      if (JSON.stringify(read.values[id]) === JSON.stringify(value)) delete all[id];
    return { title: [assay?.title ?? table, sample].filter(Boolean).join(', '), files, values: all };
  });
  return [...rows, ...read.datasets.filter((dataset) => !told.has(dataset))];
}
