import { describeReport, formatLevel, insideNames } from '@micrarium/formats';
import { type Issue, type StudyMetadata, gradedForTier } from '@micrarium/model';
import { tierOf } from '@micrarium/standards';
import { type JSX, Suspense, lazy, useMemo, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { Icon, type IconName } from '../app/icons.tsx';
import { Link } from '../app/router.tsx';
import { useFaultWords } from '../messages/server-words.ts';
import { type MessageKey, language, useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { ColumnMapper } from './column-mapper.tsx';
import { isTableFile } from './column-memory.ts';
import { DataDictionaryForm } from './data-dictionary-form.tsx';
import { type Draft, filesMayChange } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import { FindingList } from './finding-list.tsx';
import { type ItemRow, progressOf } from './item-row.ts';
import { useSendingWords } from './sending-words.ts';
import type { FilePhase } from './upload-queue.ts';

/** Loaded when somebody looks. */
const InsideDialog = lazy(async () => ({ default: (await import('../inside/inside-dialog.tsx')).InsideDialog }));

interface Props {
  draft: Draft;
  shelf: FileShelf;
  row: ItemRow;
  open: boolean;
  toggle: () => void;
  refresh: () => void;
}

const kindIcons: Record<string, IconName> = { image: 'film', tracks: 'tracks', objects: 'tracks', table: 'table' };

const phaseWords: Record<FilePhase, MessageKey> = {
  waiting: 'phase.waiting',
  digesting: 'phase.digesting',
  sending: 'phase.sending',
  stored: 'phase.stored',
  verified: 'phase.verified',
  mismatch: 'phase.mismatch',
  failed: 'phase.failed',
};

/** One item: what it is in a sentence, what worries us, and how far it is. */
export function ItemLine(props: Props): JSX.Element {
  const text = useText();
  const { row, open, toggle } = props;
  const { report } = row;
  const findings = useFindings(props);
  const worst = findings.some(({ severity }) => severity === 'error')
    ? 'bad'
    : findings.some(({ severity }) => severity === 'warning')
      ? 'warn'
      : findings.length > 0
        ? 'info'
        : undefined;
  return (
    <div className="itemline">
      <div className="first">
        <Icon name={kindIcons[report?.kind ?? ''] ?? 'file'} />
        <button type="button" className="plainlink grow name" aria-expanded={open} onClick={toggle} title={row.path}>
          <bdi>{row.path === '' ? text('files.root') : row.path}</bdi>
        </button>
        {worst ? (
          <button type="button" className={`plainlink st ${worst}`} onClick={toggle}>
            <Icon name={worst} />
            {text('files.findings', { count: findings.length })}
          </button>
        ) : null}
        {row.bytes === undefined ? null : <span className="s m2 num nw">{writtenBytes(row.bytes)}</span>}
      </div>
      <div className="second s m2">
        <span className="grow">
          <Sentence row={row} />
        </span>
        <Way {...props} />
      </div>
      {open ? <Details {...props} /> : null}
    </div>
  );
}

/** Findings of a row with the weight they have in the tier of the study. */
function useFindings({ row, draft }: Pick<Props, 'row' | 'draft'>): Issue[] {
  const tier = tierOf(draft.metadata.values as StudyMetadata['values']);
  const issues = row.report?.issues;
  return useMemo(() => gradedForTier(issues ?? [], tier), [issues, tier]);
}

function Sentence({ row }: { row: ItemRow }): JSX.Element {
  const text = useText();
  if (row.report) return <>{describeReport(row.report, language())}</>;
  if (row.local?.state === 'failed')
    return <span className="st bad">{text('files.unreadable', { message: row.local.message ?? '' })}</span>;
  if (row.local?.state === 'reading')
    return <>{text('files.readingOne', { percent: Math.round(row.local.progress * 100) })}</>;
  return <>{row.local ? text('files.waiting') : text('files.notHere')}</>;
}

/** Longer reasons, such as that of a quota, stand above the list once and not at each file. */
const mostReason = 80;

/** How far the item is on its way, and what the server makes of it. */
function Way({ row, shelf }: Props): JSX.Element | null {
  const text = useText();
  const sendingWords = useSendingWords();
  const { phase, sent, fault } = progressOf(row, shelf.queue.files);
  const ingest = row.server?.ingest;
  if (ingest && (phase === undefined || phase === 'verified' || phase === 'stored')) {
    const words: Record<typeof ingest.state, string> = {
      waiting: text('ingest.waiting'),
      running: text('ingest.running', { percent: Math.round(ingest.progress * 100) }),
      done: text('ingest.done'),
      kept: text('ingest.kept'),
      failed: text('ingest.failed'),
    };
    const look = { waiting: 'off', running: 'info', done: 'ok', kept: 'off', failed: 'warn' }[ingest.state];
    return (
      <span className={`st ${look}`} title={ingest.message}>
        {ingest.state === 'done' ? <Icon name="check" /> : ingest.state === 'failed' ? <Icon name="warn" /> : null}
        {words[ingest.state]}
      </span>
    );
  }
  if (phase === undefined) return null;
  const isBad = phase === 'failed' || phase === 'mismatch';
  const why = phase === 'failed' && fault !== undefined ? sendingWords(fault) : undefined;
  return (
    <span className={`st ${isBad ? 'bad' : phase === 'verified' ? 'ok' : 'off'} num`} title={why}>
      {phase === 'sending' ? (
        <span className="meter small" aria-hidden="true">
          <i style={{ width: `${sent * 100}%` }} />
        </span>
      ) : null}
      {text(phaseWords[phase])}
      {why === undefined || why.length > mostReason ? '' : `: ${why}`}
    </span>
  );
}

function Details({ draft, shelf, row, refresh }: Props): JSX.Element {
  const text = useText();
  const findings = useFindings({ row, draft });
  const faultWords = useFaultWords();
  const [problem, setProblem] = useState('');
  const remove = async () => {
    setProblem('');
    try {
      const there = row.files.filter((path) => shelf.queue.files.has(path));
      for (let at = 0; at < there.length; at += 1000) {
        const paths = there.slice(at, at + 1000);
        await api.call(routes.removeDraftFiles, { params: { draft: draft.id }, body: { paths } });
      }
      shelf.remove(row.files);
      refresh();
    } catch (error) {
      setProblem(faultWords(error));
    }
  };
  const kind = row.report?.kind;
  const tables = row.report?.tables;
  const isTable = isTableFile(row.files) && (kind === 'tracks' || kind === 'objects' || kind === 'table');
  return (
    <div className="details">
      {findings.length > 0 ? (
        <FindingList issues={findings} />
      ) : row.report ? (
        <p className="s m2">{text('files.noFindings')}</p>
      ) : null}
      {row.report ? (
        <p className="s m2">
          {text(`files.level.${formatLevel(row.report.format)}`)}{' '}
          <Link className="l" to="/formats" search={{ format: row.report.format }}>
            {text('files.levelMore')}
          </Link>
        </p>
      ) : null}
      {canLookInside(row) ? <LookInside shelf={shelf} row={row} /> : null}
      {tables && tables.length > 0 ? (
        <DataDictionaryForm draft={draft} item={row.server?.id} tables={tables} refresh={refresh} />
      ) : null}
      {isTable ? <ColumnMapper draft={draft} shelf={shelf} row={row} refresh={refresh} /> : null}
      {row.files.length > 1 ? (
        <details className="s">
          <summary>{text('files.members', { count: row.files.length })}</summary>
          <ul className="mono xs members">
            {row.files.slice(0, 200).map((path) => (
              <li key={path}>{path}</li>
            ))}
            {row.files.length > 200 ? <li>{'…'}</li> : null}
          </ul>
        </details>
      ) : null}
      {filesMayChange(draft) ? (
        <button type="button" className="btn sm" onClick={() => void remove()}>
          {text('files.remove')}
        </button>
      ) : null}
      {problem === '' ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Formats that are a hierarchy of arrays, whose files say more than a sentence. */
const hierarchies = new Set(['zarr', 'ome-zarr', 'geff']);

/** Is there a tree to look into: an HDF5 file of any format, a Zarr folder, or one packed in a zip? */
function canLookInside({ report, files }: ItemRow): boolean {
  if (report && hierarchies.has(report.format)) return true;
  return files.length === 1 && insideNames.test(files[0] ?? '');
}

/** Opens a window with the tree, attributes and values of the item; nothing is sent anywhere for it. */
function LookInside({ shelf, row }: Pick<Props, 'shelf' | 'row'>): JSX.Element {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="btn sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {text('inside.look')}
      </button>
      {isOpen ? (
        <Suspense fallback={null}>
          <InsideDialog
            name={row.path}
            files={row.files.map((path) => shelf.workFile(path))}
            close={() => setOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
