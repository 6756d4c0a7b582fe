import type { Dataset, StudyItem } from '@micrarium/model';
import { type Language, translator } from './messages/messages.ts';
import type { ItemUrls } from './snippets.ts';

/** A cell of a notebook. */
export interface NotebookCell {
  cell_type: 'markdown' | 'code';
  /** Unique in the notebook. */
  id: string;
  metadata: Record<string, never>;
  source: string[];
  /** Code cells only. */
  execution_count?: null;
  outputs?: never[];
}

/** A Jupyter notebook of nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html). */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: 5;
  metadata: {
    kernelspec:
      | { name: 'python3'; display_name: string; language: 'python' }
      | { name: 'deno'; display_name: string; language: 'typescript' };
    language_info: { name: 'python' | 'typescript' };
    title: string;
  };
  cells: NotebookCell[];
}

/** What a notebook is written for. */
export interface NotebookRequest {
  dataset: Pick<Dataset, 'title' | 'imageItems' | 'quantitativeItems'>;
  /** Items of the version; those the data set does not name are left out. */
  items: readonly StudyItem[];
  studyTitle: string;
  /** Address of the version's page. */
  address: string;
  /** Citation, printed at the end. */
  citation: string;
  urls(item: string): ItemUrls;
  /** Language of the words between the cells; code is the same in every language. */
  language: Language;
  /** What the cells are written in: Python where left out; TypeScript for the kernel of Deno. */
  code?: 'python' | 'typescript' | undefined;
  /** Whose path is measured; the name seen most often where left out. */
  objectName?: string | undefined;
}

/** Sets and images a notebook names. */
export const mostNamed = 50;

/** Text as a literal that Python and TypeScript read back the same. */
export const literal = (text: string): string => JSON.stringify(text);

/** Text of a depositor within Markdown: it marks nothing up. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]#|$~]/g, String.raw`\$&`)
    .replaceAll('<', '&lt;');

/** Collects cells and numbers them. */
export class Cells {
  readonly list: NotebookCell[] = [];

  words(...paragraphs: string[]): void {
    this.add('markdown', paragraphs.join('\n\n'), {});
  }

  code(...lines: string[]): void {
    this.add('code', lines.join('\n'), { execution_count: null, outputs: [] });
  }

  private add(kind: NotebookCell['cell_type'], text: string, more: Pick<NotebookCell, 'execution_count' | 'outputs'>) {
    // As Jupyter itself writes them: one entry for each line, each but the last with its line feed.
    const lines = text.split('\n');
    const source = lines.map((line, at) => (at < lines.length - 1 ? `${line}\n` : line));
    this.list.push({ cell_type: kind, id: `cell-${this.list.length + 1}`, metadata: {}, source, ...more });
  }
}

/** Items of a data set that a notebook can load: those with tracks, and those with images that were stored. */
export function loadable({ dataset, items }: NotebookRequest): { tracked: StudyItem[]; films: StudyItem[] } {
  const present = (ids: readonly string[]) => items.filter(({ id }) => ids.includes(id));
  return {
    tracked: present(dataset.quantitativeItems).filter(({ trackSets }) => trackSets.length > 0),
    // A film can be tracked without a file of tracks beside it: label images are both.
    films: present([...dataset.imageItems, ...dataset.quantitativeItems]).filter(
      ({ images, conversions }) =>
        images.length > 0 && conversions.some(({ parameters }) => typeof parameters['image'] === 'number'),
    ),
  };
}

/** Words for the unit of positions or times, where a file names none too. */
export function unitWords(unit: string | undefined, language: Language): string {
  return unit === undefined || unit === 'unknown' ? translator(language)('notebook.noUnit') : unit;
}

/** A unit as the code of a notebook prints it. */
export const printedUnit = (unit: string | undefined): string => unitWords(unit, 'en');
