import type { FieldOrigin, FieldValue, Issue } from '@micrarium/model';
import {
  type ImportedDataset,
  type ImportedMetadata,
  importMetadata,
  keptKey,
  matchDatasets,
  readPublications,
  type UnreadPart,
  valuesForDataset,
  valuesOfPublication,
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
  issues: Issue[];
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
      return {
        name: formNames[form],
        offers: Object.entries(valuesOfPublication(paper)).map(([key, value]) => ({ key, value, origin })),
        unread: publications.slice(1).map(({ title, doi }) => ({ place: formNames[form], text: title ?? doi ?? '' })),
        unmatched: [],
        issues,
      };
    }
  }
  const read = importMetadata(texts);
  return 'name' in read
    ? offersOf(read, file, datasets)
    : { name: '', offers: [], unread: [], unmatched: [], issues: read.issues };
}

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
    issues: read.issues,
  };
}
