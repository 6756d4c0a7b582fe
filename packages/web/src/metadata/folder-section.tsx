import type { Issue } from '@micrarium/model';
import type { PairedPart } from '@micrarium/standards';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import type { FileShelf } from '../deposit/file-shelf.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import { useText } from '../messages/text.ts';
import {
  type DocumentFiles,
  type FolderDocument,
  type FolderOffer,
  documentsAmong,
  listsAmong,
  offerOf,
  readFolderDocument,
} from './folder-metadata.ts';
import { datasetsAhead, editOf } from './datasets-ahead.ts';
import { nameOfKey, Offers } from './import-panel.tsx';
import { largestMetadata, type OfferedValue } from './read-import.ts';
import { draftDatasets, useOfDatasets } from './study-state.ts';

/** Rows of the table of parts; the rest is counted. */
const mostParts = 100;
/** Names in a line; the rest is counted. */
const fewNames = 8;

interface Props {
  editor: DraftEditor;
  view: EditorView;
  shelf: FileShelf;
  rows: readonly ItemRow[];
}

type Read = FolderDocument | { file: string; failed: string };

/** Metadata documents among the files (ISA-Tab, filled sheets): what they say of which file, offered to the form. */
export function FolderSection(props: Props): JSX.Element | null {
  const text = useText();
  const { shelf, rows, view } = props;
  const documents = useDocuments(rows, shelf);
  if (documents.length === 0 || view.draft.state !== 'editing') return null;
  return (
    <section id="folder-metadata" tabIndex={-1}>
      <div className="hd">
        <h2>{text('meta.folder')}</h2>
        <span className="s m2">{text('meta.folderAbout')}</span>
      </div>
      {documents.map((document) =>
        'failed' in document ? (
          <p key={document.file} className="or bad">
            <Icon name="bad" />
            {text('meta.folderFailed', { file: document.file, message: document.failed })}
          </p>
        ) : (
          <OneDocument key={document.file} {...props} document={document} />
        ),
      )}
    </section>
  );
}

/** Documents among the files with the sizes of their files, and the lists beside them. */
interface FoundDocuments {
  documents: { files: DocumentFiles; sizes: number[] }[];
  beside: string[];
}

/** The documents among the files, each read once. */
function useDocuments(rows: readonly ItemRow[], shelf: FileShelf): readonly Read[] {
  const [documents, setDocuments] = useState<readonly Read[]>([]);
  // With sizes, so that a file dropped anew is read anew.
  const found = useMemo(() => {
    const documents = documentsAmong(pathsOf(rows));
    const sizeOf = (path: string) => shelf.workFile(path).size;
    return JSON.stringify({
      documents: documents.map((files) => ({ files, sizes: files.map(sizeOf) })),
      beside: listsAmong(documents, pathsOf(rows)).filter((path) => sizeOf(path) <= largestMetadata),
    } satisfies FoundDocuments);
  }, [rows, shelf]);
  useEffect(() => {
    let isCurrent = true;
    const { documents: all, beside } = JSON.parse(found) as FoundDocuments;
    const readAll = async () => {
      const read: Read[] = [];
      for (const { files, sizes } of all) {
        // Larger ones hold data.
        if (sizes.some((size) => size > largestMetadata)) continue;
        const [file = ''] = files;
        try {
          const one = await readFolderDocument(files, (path) => shelf.bytesOf(path), beside);
          if (one) read.push(one);
        } catch (error) {
          read.push({ file, failed: error instanceof Error ? error.message : String(error) });
        }
      }
      if (isCurrent) setDocuments(read);
    };
    void readAll();
    return () => {
      isCurrent = false;
    };
  }, [found, shelf]);
  return documents;
}

function* pathsOf(rows: readonly ItemRow[]): Generator<string> {
  for (const { files } of rows) yield* files;
}

function OneDocument({ editor, view, rows, document: asRead }: Props & { document: FolderDocument }): JSX.Element {
  const text = useText();
  // A repair holds until the file is dropped anew.
  const [mended, setMended] = useState<{ of: FolderDocument; now: FolderDocument } | undefined>();
  const document = mended?.of === asRead ? mended.now : asRead;
  const { draft, slots } = view;
  const known = useOfDatasets(draft, slots, draftDatasets);
  const datasets = useMemo(() => [...known, ...datasetsAhead(rows)], [known, rows]);
  const offer = useMemo(() => offerOf(document, datasets, [...pathsOf(rows)]), [document, datasets, rows]);
  const titles = useMemo(() => new Map(datasets.map(({ id, title }) => [id, title])), [datasets]);
  const read = {
    ...offer.read,
    mend: (issue: Issue) => {
      const now = document.mend?.(issue);
      if (now) setMended({ of: asRead, now });
      return undefined;
    },
  };
  const takeOver = (offers: OfferedValue[]) => editor.edit(editOf(offers));
  return (
    <div className="metatool">
      <p className="s" role="status">
        <span className="mono">{document.file}</span>{' '}
        {offer.named === 0
          ? text('meta.folderNoFiles', { name: document.name })
          : text('meta.folderPaired', { name: document.name, named: offer.named, here: offer.here })}
      </p>
      {offer.pairing.parts.length > 0 ? <PartTable parts={offer.pairing.parts} titles={titles} /> : null}
      <Unpaired offer={offer} view={view} titles={titles} />
      <Offers
        // Other values to take over start with their own ticks.
        key={offer.read.offers.map(({ key }) => key).join()}
        read={read}
        view={view}
        titles={titles}
        takeOver={takeOver}
        {...(document.mend ? { mended: () => undefined } : {})}
      />
    </div>
  );
}

/** Each part with its files, found or not, and the data sets it tells of. */
function PartTable({
  parts,
  titles,
}: {
  parts: readonly PairedPart[];
  titles: ReadonlyMap<string, string>;
}): JSX.Element {
  const text = useText();
  return (
    <details className="lf">
      <summary>{text('meta.folderParts', { count: parts.length })}</summary>
      <div className="scroll" role="region" aria-label={text('meta.folderFiles')} tabIndex={0}>
        <table className="t">
          <thead>
            <tr>
              <th>{text('meta.folderPart')}</th>
              <th>{text('meta.folderFiles')}</th>
              <th>{text('meta.folderDataset')}</th>
            </tr>
          </thead>
          <tbody>
            {parts.slice(0, mostParts).map((part, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index}>
                <td>{part.title}</td>
                <td>
                  {part.files.slice(0, fewNames).map(({ named, paths, candidates }) => (
                    <p key={named} className={paths.length > 0 ? '' : 'or warn'}>
                      <span className="mono">{named}</span>{' '}
                      {paths.length > 0
                        ? null
                        : candidates === undefined
                          ? text('meta.folderNotHere')
                          : text('meta.folderSeveral', { count: candidates })}
                    </p>
                  ))}
                  {part.files.length > fewNames ? text('meta.more', { count: part.files.length - fewNames }) : null}
                </td>
                <td>
                  {part.datasets.length === 0
                    ? text(titles.size === 0 ? 'meta.folderNoDataset' : 'meta.folderNone')
                    : namesIn(
                        part.datasets.map((id) => titles.get(id) ?? id),
                        text,
                      )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {parts.length > mostParts ? (
          <p className="s m2">{text('meta.more', { count: parts.length - mostParts })}</p>
        ) : null}
      </div>
    </details>
  );
}

function namesIn(names: readonly string[], text: ReturnType<typeof useText>): string {
  const shown = names.slice(0, fewNames).join(', ');
  return names.length > fewNames ? `${shown}, ${text('meta.more', { count: names.length - fewNames })}` : shown;
}

/** What was not paired: data sets it says nothing of, and values its parts disagree about. */
function Unpaired({
  offer,
  view,
  titles,
}: {
  offer: FolderOffer;
  view: EditorView;
  titles: ReadonlyMap<string, string>;
}): JSX.Element {
  const text = useText();
  const { untold, pairing } = offer;
  return (
    <>
      {untold.length > 0 && pairing.parts.length > 0 ? (
        <p className="or warn">
          <Icon name="warn" />
          {text('meta.folderUntold', { titles: namesIn(untold, text) })}
        </p>
      ) : null}
      {pairing.disputed.length > 0 ? (
        <p className="or warn">
          <Icon name="warn" />
          {text('meta.folderDisputed', {
            fields: namesIn(
              pairing.disputed.slice(0, fewNames + 1).map((key) => nameOfKey(key, view, titles)),
              text,
            ),
          })}
        </p>
      ) : null}
    </>
  );
}
