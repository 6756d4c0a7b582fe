import { addReferenceTable, issueWords, referenceNoteWords } from '@micrarium/api';
import type { Issue } from '@micrarium/model';
import { type JSX, useId, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { ApiError, api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { Icon } from '../app/icons.tsx';
import { useIssueTexts } from '../messages/server-words.ts';
import { language, useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { WordsInput } from '../readers/words-input.tsx';
import { type Draft, filesMayChange } from './draft.ts';

/** References drawn; the rest is counted. */
const drawn = 200;
/** Findings drawn of a list that was refused. */
const drawnFindings = 10;

const load = (draft: string) => api.call(routes.listDraftReferences, { params: { draft }, query: { limit: drawn } });
type Answer = Awaited<ReturnType<typeof load>>;

/** Files that stay where they are: named one by one, or in a table. */
export function ReferencesSection({ draft, refresh }: { draft: Draft; refresh: () => void }): JSX.Element | null {
  const text = useText();
  const queryKey = ['references', draft.id];
  const { data, error, refetch } = useAnswer({ queryKey, staleTime: 0, queryFn: () => load(draft.id) });
  const changed = async () => {
    await answers.invalidateQueries({ queryKey });
    refresh();
  };
  const isEditable = filesMayChange(draft);
  if (!isEditable && data?.count === 0) return null;
  return (
    <section id="elsewhere" tabIndex={-1}>
      <div className="hd">
        <h2>{text('elsewhere.title')}</h2>
        {data && data.count > 0 ? (
          <span className="s m2 num">
            {text('elsewhere.inAll', { count: data.count, size: writtenBytes(data.bytes) })}
          </span>
        ) : null}
      </div>
      <p className="s m2">{text('elsewhere.help')}</p>
      {error ? <AnswerFailed error={error} again={() => void refetch()} /> : null}
      {data && data.count > 0 ? (
        <ReferenceList draft={draft.id} data={data} isEditable={isEditable} changed={changed} />
      ) : null}
      {isEditable ? (
        <>
          <details>
            <summary>{text('elsewhere.one')}</summary>
            <OneReference draft={draft.id} changed={changed} />
          </details>
          <details>
            <summary>{text('elsewhere.many')}</summary>
            <ReferenceTable draft={draft.id} changed={changed} />
          </details>
        </>
      ) : null}
    </section>
  );
}

interface Props {
  draft: string;
  changed(): Promise<void>;
}

function ReferenceList({ draft, data, isEditable, changed }: Props & { data: Answer; isEditable: boolean }) {
  const text = useText();
  const remove = useChange({
    mutationFn: (path: string) => api.call(routes.removeReferences, { params: { draft }, body: { paths: [path] } }),
    onSuccess: changed,
  });
  return (
    <>
      <HeadedTable
        heads={[
          text('elsewhere.file'),
          text('elsewhere.host'),
          { words: text('elsewhere.size'), as: 'number' },
          text('elsewhere.state'),
          { words: text('table.actions'), as: 'unseen' },
        ]}
      >
        {data.references.map(({ path, url, size, check }) => (
          <tr key={path}>
            <td>{path}</td>
            <td>
              <a className="l" href={url} rel="noopener external">
                {new URL(url).host}
              </a>
            </td>
            <td className="r num nw">{writtenBytes(size)}</td>
            <td>
              {text(`elsewhere.state.${check?.state ?? 'none'}`)}
              {check?.note ? <Note note={check.note} /> : null}
            </td>
            <td className="r">
              {isEditable ? (
                <button
                  type="button"
                  className="btn sm quiet icon"
                  aria-label={text('elsewhere.remove', { path })}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(path)}
                >
                  <Icon name="close" />
                </button>
              ) : null}
            </td>
          </tr>
        ))}
      </HeadedTable>
      {data.count > data.references.length ? (
        <p className="s m2">{text('elsewhere.more', { count: data.count - data.references.length })}</p>
      ) : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </>
  );
}

const empty = { path: '', url: '', size: '', sha256: '' };

function OneReference({ draft, changed }: Props): JSX.Element {
  const text = useText();
  const [one, setOne] = useState(empty);
  const put = (part: keyof typeof empty) => (value: string) => setOne({ ...one, [part]: value });
  const isSize = /^\d{1,15}$/.test(one.size.trim());
  const add = useChange({
    mutationFn: () =>
      api.call(routes.addReferences, {
        params: { draft },
        body: {
          references: [
            {
              path: one.path.trim().normalize('NFC'),
              url: one.url.trim(),
              size: Number(one.size.trim()),
              sha256: one.sha256.trim(),
            },
          ],
        },
      }),
    onSuccess: async () => {
      setOne(empty);
      await changed();
    },
  });
  return (
    <form
      className="named"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSize) add.mutate();
      }}
    >
      <LabelledInput label={text('elsewhere.file')} required maxLength={1024} value={one.path} onValue={put('path')} />
      <LabelledInput
        label={text('elsewhere.url')}
        type="url"
        required
        maxLength={2000}
        value={one.url}
        onValue={put('url')}
      />
      <LabelledInput
        label={text('elsewhere.bytes')}
        inputMode="numeric"
        required
        value={one.size}
        onValue={put('size')}
        {...(one.size !== '' && !isSize ? { help: text('elsewhere.sizeWrong') } : {})}
      />
      <LabelledInput
        label={text('elsewhere.sha256')}
        required
        minLength={64}
        maxLength={64}
        pattern="[0-9A-Fa-f]{64}"
        value={one.sha256}
        onValue={put('sha256')}
      />
      <div>
        <button type="submit" className="btn sm" disabled={add.isPending}>
          {text('elsewhere.add')}
        </button>
      </div>
      {add.error ? <Refusal error={add.error} /> : null}
    </form>
  );
}

function ReferenceTable({ draft, changed }: Props): JSX.Element {
  const text = useText();
  const [table, setTable] = useState('');
  const file = useId();
  const add = useChange({
    mutationFn: (given: string) => addReferenceTable(api, draft, given),
    // Of a table that goes in pieces the first may be in when one is refused.
    onSettled: changed,
    onSuccess: () => setTable(''),
  });
  return (
    <div className="named">
      <p className="s m2">{text('elsewhere.tableHelp')}</p>
      <div className="lf">
        <label htmlFor={file}>{text('elsewhere.choose')}</label>
        <input
          id={file}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
          data-input="references"
          onChange={(event) => {
            const input = event.target;
            const chosen = input.files?.[0];
            if (chosen) void chosen.text().then((given) => add.mutate(given));
            input.value = '';
          }}
        />
      </div>
      <WordsInput label={text('elsewhere.paste')} value={table} onValue={setTable} most={2_000_000} />
      <div>
        <button
          type="button"
          className="btn sm"
          disabled={add.isPending || table.trim() === ''}
          onClick={() => add.mutate(table)}
        >
          {text('elsewhere.addTable')}
        </button>
      </div>
      {add.error ? <Refusal error={add.error} /> : null}
    </div>
  );
}

/** Why nothing was added: what is wrong, line by line. */
function Refusal({ error }: { error: unknown }): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  const issues = error instanceof ApiError ? ((error.body as { issues?: Issue[] } | undefined)?.issues ?? []) : [];
  if (issues.length === 0) return <AnswerFailed error={error} />;
  return (
    <div className="problem" role="alert">
      <p>{text('elsewhere.nothing')}</p>
      <ul>
        {issues.slice(0, drawnFindings).map((issue, at) => {
          const { meaning, hint, detail } = issueWords(issue, texts);
          return (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={at}>
              {meaning}
              {hint ? `${/[.。]$/.test(meaning) ? '' : '.'} ${hint}` : ''}
              {detail ? (
                <span className="m3 xs" lang="en">
                  {' '}
                  {detail}
                </span>
              ) : null}
              {issue.where.line === undefined ? null : (
                <span className="m3 num"> {text('place.line', { line: issue.where.line })}</span>
              )}
            </li>
          );
        })}
      </ul>
      {issues.length > drawnFindings ? <p>{text('elsewhere.more', { count: issues.length - drawnFindings })}</p> : null}
    </div>
  );
}

/** What the last look at a file found. */
function Note({ note }: { note: string }): JSX.Element {
  const said = referenceNoteWords(note, language());
  return (
    <span className="m3 xs" lang={said.language}>
      {' '}
      {said.words}
    </span>
  );
}
