import { termOfParts } from '../exchange/terms.ts';
import type { StudyGraph, TermReference } from '../graph/study-graph.ts';
import { prefixOf } from '../identifiers/identifiers.ts';
import { splitTable, writeTable } from '../tables/delimited.ts';

/** What an annotation table says of one image or well. */
export interface IdrAnnotation {
  /** Dataset name or plate. */
  container: string;
  /** Image name or well. */
  name: string;
  characteristics: { name: string; term: TermReference }[];
  conditions: { name: string; value: string }[];
  comments: { name: string; value: string }[];
  phenotypes: TermReference[];
  channels?: string;
}

/** Reads an IDR annotation table; use `checkIdrAnnotation` for what is wrong with it. */
export function readIdrAnnotation(text: string): IdrAnnotation[] {
  const [header, ...rows] = splitTable(text, ',');
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const at = (name: string) => names.indexOf(name);
  const [container, image] =
    at('Plate') >= 0 && at('Dataset Name') < 0 ? [at('Plate'), at('Well')] : [at('Dataset Name'), at('Image Name')];
  return rows
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ cells }) => {
      const annotation: IdrAnnotation = {
        container: cells[container] ?? '',
        name: cells[image] ?? '',
        characteristics: [],
        conditions: [],
        comments: [],
        phenotypes: [],
      };
      names.forEach((column, index) => {
        const value = (cells[index] ?? '').trim();
        if (value === '') return;
        const match = /^(Characteristics|Experimental Condition|Comment) ?\[(.+)\]$/.exec(column);
        if (match?.[1] === 'Characteristics') {
          // The term of a characteristic stands in the two columns behind it.
          const isTerm = /^Term Source \d+ REF$/.test(names[index + 1] ?? '');
          annotation.characteristics.push({
            name: match[2]!,
            term: isTerm ? termOfParts(value, cells[index + 1], cells[index + 2]) : { label: value },
          });
        } else if (match?.[1] === 'Experimental Condition') annotation.conditions.push({ name: match[2]!, value });
        else if (match?.[1] === 'Comment') annotation.comments.push({ name: match[2]!, value });
        else if (column === 'Channels') annotation.channels = value;
        else if (/^Phenotype \d+$/.test(column)) {
          const terms = phenotypesOf(column, value, names, cells);
          annotation.phenotypes.push(...terms);
          if (!terms.some(({ label }) => label === value)) annotation.comments.push({ name: column, value });
        }
      });
      return annotation;
    });
}

/** A phenotype with its term; one that several terms describe (`Phenotype 1 Term Name a`, `b`) is as many. */
function phenotypesOf(
  column: string,
  value: string,
  names: readonly string[],
  cells: readonly string[],
): TermReference[] {
  const cell = (name: string) => cells[names.indexOf(name)]?.trim() || undefined;
  const several = names.flatMap((name) => {
    const letter = /^ Term Accession ([a-z])$/.exec(name.startsWith(column) ? name.slice(column.length) : '')?.[1];
    const accession = letter === undefined ? undefined : cell(name);
    return accession === undefined
      ? []
      : [termOfParts(cell(`${column} Term Name ${letter}`) ?? value, undefined, accession)];
  });
  if (several.length > 0) return several;
  const accession = cell(`${column} Term Accession`);
  // An accession goes by the name that its vocabulary gives it, not by the words of the authors.
  return [termOfParts((accession && cell(`${column} Term Name`)) || value, undefined, accession)];
}

/** The annotation table of a data set's images: sample, conditions and channels of each. */
export function writeIdrAnnotation(graph: StudyGraph, datasetKey: string): string {
  const dataset = graph.datasets.find(({ key }) => key === datasetKey);
  const sample = graph.biosamples.find(({ key }) => dataset?.tuples?.some((tuple) => tuple.biosample === key));
  const characteristics: (readonly [string, TermReference])[] = [
    ...(sample?.organisms ?? []).slice(0, 1).map((term) => ['Organism', term] as const),
    ...(sample?.strain ?? []).slice(0, 1).map((label) => ['Strain', { label }] as const),
    ...(sample?.cellLine ?? []).slice(0, 1).map((term) => ['Cell Line', term] as const),
    ...(sample?.cellType ?? []).slice(0, 1).map((term) => ['Cell Type', term] as const),
  ];
  const phenotypes = sample?.phenotypes ?? [];
  const header = [
    'Dataset Name',
    'Image Name',
    ...characteristics.flatMap(([name], index) => [
      `Characteristics [${name}]`,
      `Term Source ${index + 1} REF`,
      `Term Source ${index + 1} Accession`,
    ]),
    ...(sample?.experimentalVariables ?? []).map((_, index) => `Experimental Condition [Condition ${index + 1}]`),
    'Channels',
    ...(phenotypes.length > 0
      ? [
          'Has Phenotype',
          ...phenotypes.flatMap((_, index) => [
            `Phenotype ${index + 1}`,
            `Phenotype ${index + 1} Term Name`,
            `Phenotype ${index + 1} Term Accession`,
          ]),
        ]
      : []),
  ];
  const rows = graph.images
    .filter((image) => image.dataset === datasetKey)
    .map((image) => [
      dataset?.title ?? '',
      image.name,
      ...characteristics.flatMap(([, { label, id }]) => [label, prefixOf(id) ?? '', id?.replace(':', '_') ?? '']),
      ...(sample?.experimentalVariables ?? []),
      (image.channels ?? [])
        .map(({ name, target, fluorophore }) =>
          `${name}:${[fluorophore, target].filter(Boolean).join(' ')}`.replace(/:$/, ''),
        )
        .join(';'),
      ...(phenotypes.length > 0
        ? ['yes', ...phenotypes.flatMap(({ label, id }) => [label, label, id?.replace(':', '_') ?? ''])]
        : []),
    ]);
  return writeTable([header, ...rows], ',');
}
