import { type DragEvent, type JSX, Suspense, lazy, useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { type Draft, filesMayChange } from './draft.ts';
import type { FileShelf, ShelfView } from './file-shelf.ts';
import type { ImportState } from './import-panel.tsx';
import { ItemList } from './item-list.tsx';
import type { ItemRow } from './item-row.ts';
import { RefusedNames } from './names-plan.tsx';
import { type TakenFile, droppedEntries, walkChosen, walkEntries } from './taken-files.ts';
import { UploadBar } from './upload-bar.tsx';

/** Loaded after the page stands: most files are dropped. */
const ImportPanel = lazy(async () => ({ default: (await import('./import-panel.tsx')).ImportPanel }));

interface Props {
  draft: Draft;
  shelf: FileShelf;
  view: ShelfView;
  rows: readonly ItemRow[];
  refresh: () => void;
}

/** Milliseconds between two counts of files that are taken in. */
const tellEvery = 300;

/** Files: taken in, recognised, looked at, sent. */
export function FilesSection({ draft, shelf, view, rows, refresh }: Props): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [taking, setTaking] = useState(0);
  const [problem, setProblem] = useState('');
  const [importState, setImportState] = useState<ImportState>();
  const editable = filesMayChange(draft);
  const take = async (batches: AsyncIterable<TakenFile[]>) => {
    setProblem('');
    let count = 0;
    let told = performance.now();
    try {
      for await (const batch of batches) {
        shelf.take(batch);
        count += batch.length;
        // Batches come by the hundred; drawing the page for each would hold it up.
        if (performance.now() - told < tellEvery) continue;
        told = performance.now();
        setTaking(count);
      }
      setTaking(0);
      await shelf.finish();
    } catch (error) {
      setTaking(0);
      setProblem(faultWords(error));
    }
  };
  const rename = async () => {
    setProblem('');
    try {
      await shelf.rename(view.newNames);
    } catch (error) {
      setProblem(faultWords(error));
    }
  };
  const isOver = useDropAnywhere(editable, (entries) => void take(walkEntries(entries)));
  const sum = useMemo(() => sumOf(rows), [rows]);
  // Until the server's files are listed, only the draft says how much they are.
  const { bytes, count: files } = sum ?? draft.files;
  return (
    <section id="files" tabIndex={-1}>
      <div className="hd">
        <h2>{text('files.title')}</h2>
        {files > 0 ? (
          <span className="s m2 num">{text('files.inAll', { count: files, size: writtenBytes(bytes) })}</span>
        ) : null}
      </div>
      {draft.filesStay ? <p className="s m2">{text('files.ofVersion', { version: draft.version })}</p> : null}
      {editable ? (
        <DropZone isOver={isOver} isEmpty={files === 0} choose={(list) => void take(walkChosen(list))} />
      ) : null}
      {editable ? (
        <Suspense fallback={null}>
          <ImportPanel draft={draft.id} refresh={refresh} onState={setImportState} />
        </Suspense>
      ) : null}
      <p className="s m2" role="status">
        {taking > 0 ? text('files.taking', { count: taking }) : null}
        {view.finding === undefined ? null : text('files.finding', { percent: Math.round(view.finding * 100) })}
        {view.finding === undefined && view.readCount < view.items.length
          ? text('files.reading', { done: view.readCount, all: view.items.length })
          : null}
        {view.clutter > 0 ? ` ${text('files.clutter', { count: view.clutter })}` : null}
      </p>
      {problem === '' ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {editable && view.newNames.length > 0 ? <RefusedNames plan={view.newNames} take={() => void rename()} /> : null}
      <UploadBar draft={draft} shelf={shelf} view={view} importState={importState} />
      <ItemList draft={draft} shelf={shelf} rows={rows} refresh={refresh} />
    </section>
  );
}

/** Files of all lines and their bytes; `undefined` while a size is not known. */
function sumOf(rows: readonly ItemRow[]): { bytes: number; count: number } | undefined {
  let [bytes, count] = [0, 0];
  for (const row of rows) {
    if (row.bytes === undefined) return undefined;
    bytes += row.bytes;
    count += row.files.length;
  }
  return { bytes, count };
}

/** Files may be dropped anywhere on the page. */
function useDropAnywhere(active: boolean, drop: (entries: readonly FileSystemEntry[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const handler = useRef(drop);
  useEffect(() => {
    handler.current = drop;
  });
  useEffect(() => {
    if (!active) return;
    const hasFiles = (event: globalThis.DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: globalThis.DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const dropped = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer) handler.current(droppedEntries(event.dataTransfer));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', dropped);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', dropped);
    };
  }, [active]);
  return isOver;
}

function DropZone({
  isOver,
  isEmpty,
  choose,
}: {
  isOver: boolean;
  isEmpty: boolean;
  choose: (list: readonly File[]) => void;
}): JSX.Element {
  const text = useText();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // React has no name for this attribute; all browsers do.
    folder.current?.setAttribute('webkitdirectory', '');
  }, []);
  const changed = (input: HTMLInputElement) => {
    // A copy, because emptying the input empties its list.
    choose([...(input.files ?? [])]);
    input.value = '';
  };
  const stay = (event: DragEvent) => event.preventDefault();
  return (
    <div className={`drop ${isOver ? 'over' : ''} ${isEmpty ? 'big' : ''}`} onDragOver={stay}>
      <Icon name="down" />
      <span className="grow">{isOver ? text('drop.now') : text('drop.help')}</span>
      <button type="button" className="btn sm" onClick={() => files.current?.click()}>
        {text('drop.files')}
      </button>
      <button type="button" className="btn sm" onClick={() => folder.current?.click()}>
        {text('drop.folder')}
      </button>
      <input
        ref={files}
        className="sr"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={text('drop.files')}
        data-input="files"
        onChange={(event) => changed(event.target)}
      />
      <input
        ref={folder}
        className="sr"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={text('drop.folder')}
        data-input="folder"
        onChange={(event) => changed(event.target)}
      />
    </div>
  );
}
