import type { FieldOrigin, FieldValue, Issue } from '@micrarium/model';
import {
  checkMetadataFiles,
  type ImportedDataset,
  type ImportedMetadata,
  importMetadata,
  keptKey,
  matchDatasets,
  nearestTitle,
  pageTabOfTsv,
  paperLine,
  parseJsonDocument,
  readPublications,
  type UnreadPart,
  valuesForDataset,
  valuesOfPublication,
  withOffer,
} from '@micrarium/standards';

/** A value that an import offers for a key of the form. */
export interface OfferedValue {
  key: string;
  value: FieldValue;
  origin: FieldOrigin;
}

/** What was read of dropped files or pasted text. */
export interface ReadImport {
  /** Name of the standard or form. */
  name: string;
  offers: OfferedValue[];
  unread: UnreadPart[];
  /** Titles of data sets that none of ours was found for. */
  unmatched: string[];
  /** For each of those, in the same order, what is said of it and the data sets of ours it may be, the nearest title first. */
  open?: OpenDataset[];
  issues: Issue[];
  /** The document read again with what an issue offers in its place; `undefined` where that cannot be written in. */
  mend?: (issue: Issue) => ReadImport | undefined;
}

/** A data set of an import that none of ours was found for. */
export interface OpenDataset {
  title: string;
  /** Data sets of ours that nothing was found for. */
  choices: readonly Pick<DraftDataset, 'id' | 'title'>[];
  /** The one whose title is nearest, where one is near. */
  nearest?: string;
  /** What the form would take of it, for one of ours. */
  offersFor(id: string): OfferedValue[];
}

/** A data set of the draft, as imports are matched with it. */
export interface DraftDataset {
  id: string;
  title: string;
  files: readonly string[];
}

const formNames = {
  ris: 'RIS',
  nbib: 'NBIB',
  bibtex: 'BibTeX',
  'csl-json': 'CSL-JSON',
  'pubmed-xml': 'PubMed XML',
} as const;

/** Data sets without one of ours that are shown one by one. */
const mostOpen = 20;

/** Papers taken of one file of references. */
const mostPapers = 20;

/** Files larger than this hold data, not metadata. */
export const largestMetadata = 32 << 20;

/**
 * Reads a reference (RIS, BibTeX, NBIB, CSL-JSON, PubMed XML) or a metadata document of any standard, told apart by content.
 * Nothing is asked of the network.
 */
export function readImport(texts: ReadonlyMap<string, string>, datasets: readonly DraftDataset[]): ReadImport {
  const [[file, text] = ['', '']] = texts;
  if (texts.size === 1) {
    const { form, publications, issues } = readPublications(text);
    const [paper] = publications;
    if (form && paper) {
      const origin: FieldOrigin = { kind: 'file', file, place: formNames[form] };
      // Authors, journal and numbers stand in lines of their own, for programs; a whole library is not the study's.
      const papers = publications.slice(0, mostPapers).map(paperLine).filter(Boolean);
      const values = { ...valuesOfPublication(paper), ...(papers.length > 0 ? { papers } : {}) };
      return {
        name: formNames[form],
        offers: Object.entries(values).map(([key, value]) => ({ key, value, origin })),
        unread: publications
          .slice(mostPapers)
          .map(({ title, doi }) => ({ place: formNames[form], text: title ?? doi ?? '' })),
        unmatched: [],
        issues,
      };
    }
  }
  const read = importMetadata(texts);
  if (!('name' in read)) return { name: '', offers: [], unread: [], unmatched: [], issues: read.issues };
  const repairs = repairsOf(read.name, texts);
  return {
    ...offersOf({ ...read, issues: [...read.issues, ...repairs] }, file, datasets),
    ...(repairs.length === 0 ? {} : { mend: (issue: Issue) => mendedImport(file, text, issue, datasets) }),
  };
}

/** The text of a submission with an offer written in; `undefined` where the offer has no place there. */
export function mendedText(file: string, text: string, issue: Issue): string | undefined {
  const read = /^\ufeff?\s*\{/.test(text) ? parseJsonDocument(text, file) : pageTabOfTsv(text);
  const mended = 'document' in read ? withOffer(read.document, issue) : undefined;
  return mended === undefined ? undefined : JSON.stringify(mended);
}

/** A submission with an offer written in, read again. */
function mendedImport(
  file: string,
  text: string,
  issue: Issue,
  datasets: readonly DraftDataset[],
): ReadImport | undefined {
  const mended = mendedText(file, text, issue);
  return mended === undefined ? undefined : readImport(new Map([[file, mended]]), datasets);
}

/** Mistakes in a submission for the BioImage Archive that a repair is offered for; others the form finds itself. */
export function repairsOf(name: string, texts: ReadonlyMap<string, string>): Issue[] {
  if (name !== 'PageTab' || texts.size !== 1) return [];
  const files = new Map([...texts].map(([path, text]) => [path, new TextEncoder().encode(text)]));
  return checkMetadataFiles('pagetab', { files })
    .filter(({ offer, severity }) => offer !== undefined && severity !== 'info')
    .slice(0, mostRepairs);
}

/** Repairs shown of one document. */
const mostRepairs = 50;

/** What an import offers for the form of a draft. */
export function offersOf(
  read: Pick<ImportedMetadata, 'name' | 'values' | 'datasets' | 'unread' | 'issues' | 'kept'>,
  file: string,
  datasets: readonly DraftDataset[],
): ReadImport {
  const origin: FieldOrigin = { kind: 'file', file, place: read.name };
  const offer = ([key, value]: [string, FieldValue]): OfferedValue => ({ key, value, origin });
  const ids = matchDatasets(read.datasets, datasets);
  const offers = Object.entries(read.values).map(offer);
  const unmatched: ImportedDataset[] = [];
  read.datasets.forEach((dataset, index) => {
    const id = ids[index];
    if (id !== undefined) offers.push(...Object.entries(valuesForDataset(dataset, id)).map(offer));
    else unmatched.push(dataset);
  });
  if (read.kept !== undefined) offers.push(offer([keptKey, read.kept]));
  return {
    name: read.name,
    offers,
    unread: read.unread,
    unmatched: unmatched.map(({ title }) => title),
    open: openOf(
      unmatched,
      datasets.filter(({ id }) => !ids.includes(id)),
      (dataset, id) => Object.entries(valuesForDataset(dataset, id)).map(offer),
    ),
    issues: read.issues,
  };
}

/** Data sets that nothing was found for, on both sides. */
function openOf(
  unmatched: readonly ImportedDataset[],
  free: readonly DraftDataset[],
  offers: (dataset: ImportedDataset, id: string) => OfferedValue[],
): OpenDataset[] {
  const choices = free.map(({ id, title }) => ({ id, title }));
  return unmatched.slice(0, mostOpen).map((dataset): OpenDataset => {
    const near = nearestTitle(
      dataset.title,
      choices.map(({ title }) => title),
    );
    const nearest = choices.find(({ title }) => title === near)?.id;
    return {
      title: dataset.title,
      choices,
      ...(nearest === undefined ? {} : { nearest }),
      offersFor: (id) => offers(dataset, id),
    };
  });
}

/** A data set of an import given to one of ours: its values join the offers. */
export function withOpen(read: ReadImport, index: number, id: string): ReadImport {
  const chosen = read.open?.[index];
  if (!chosen) return read;
  const left = (read.open ?? [])
    .filter((_, at) => at !== index)
    .map((one) => {
      const { nearest, ...rest } = one;
      const choices = one.choices.filter((choice) => choice.id !== id);
      return { ...rest, choices, ...(nearest === undefined || nearest === id ? {} : { nearest }) };
    });
  return {
    ...read,
    offers: [...read.offers, ...chosen.offersFor(id)],
    unmatched: read.unmatched.filter((_, at) => at !== index),
    open: left,
  };
}
