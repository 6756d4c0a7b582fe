import type { FieldValue } from '@micrarium/model';
import { valueKey } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import {
  copiedDataset,
  copiedFromStudy,
  type DescriptionKind,
  describedBy,
  descriptionFields,
} from './description-kinds.ts';
import { Offers } from './import-panel.tsx';
import type { ReadImport } from './read-import.ts';
import { draftDatasets, valuesOf } from './study-state.ts';
import { writtenValue } from './written-value.ts';

const kindNames: Record<DescriptionKind, MessageKey> = {
  microscope: 'meta.kindMicroscope',
  protocol: 'meta.kindProtocol',
  sample: 'meta.kindSample',
};
const kinds = Object.keys(descriptionFields) as DescriptionKind[];

interface Props {
  editor: DraftEditor;
  view: EditorView;
}

/** Descriptions kept for further studies, and copying from an earlier study or another data set. */
export function ReusePanel(props: Props): JSX.Element {
  return (
    <div className="metatool" id="metadata-reuse">
      <Kept {...props} />
      <CopyStudy {...props} />
      <CopyDataset {...props} />
    </div>
  );
}

/** Where something is taken from, or put to: the whole study or one data set. */
function PlaceSelect({
  view,
  label,
  value,
  change,
  onlyDatasets = false,
}: {
  view: EditorView;
  label: string;
  value: string;
  change: (value: string) => void;
  onlyDatasets?: boolean;
}): JSX.Element {
  const text = useText();
  return (
    <select className="sel" aria-label={label} value={value} onChange={(event) => change(event.target.value)}>
      <option value="">{onlyDatasets ? label : text('meta.wholeStudy')}</option>
      {draftDatasets(view.draft, view.slots).map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}

function Kept({ editor, view }: Props): JSX.Element {
  const text = useText();
  const [place, setPlace] = useState('');
  const [kind, setKind] = useState<DescriptionKind>('microscope');
  const [name, setName] = useState('');
  const kept = useAnswer({
    queryKey: ['descriptions'],
    queryFn: ({ signal }) => api.call(routes.listDescriptions, { signal }),
  });
  const dataset = place === '' ? undefined : place;
  const values = describedBy(kind, valuesOf(view.slots), dataset);
  const use = (described: Readonly<Record<string, unknown>>, called: string) =>
    editor.edit(
      Object.fromEntries(
        Object.entries(described).map(([id, value]) => [
          `value:${valueKey(id, dataset)}`,
          { value, origin: { kind: 'file', file: text('meta.keptAs', { name: called }) } },
        ]),
      ),
    );
  return (
    <section>
      <h3>{text('meta.kept')}</h3>
      <p className="s m2">{text('meta.keptAbout')}</p>
      <div className="row">
        <PlaceSelect view={view} label={text('meta.for')} value={place} change={setPlace} />
        <select
          className="sel"
          aria-label={text('meta.kind')}
          value={kind}
          onChange={(event) => setKind(event.target.value as DescriptionKind)}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {text(kindNames[one])}
            </option>
          ))}
        </select>
        <span className="field-in">
          <input
            type="text"
            aria-label={text('meta.keepName')}
            placeholder={text('meta.keepName')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </span>
        <button
          type="button"
          className="btn"
          disabled={name.trim() === '' || Object.keys(values).length === 0}
          onClick={() =>
            void api
              .call(routes.keepDescription, { body: { kind, name: name.trim(), values: values as never } })
              .then(() => {
                setName('');
                return kept.refetch();
              })
          }
        >
          {text('meta.keep')}
        </button>
      </div>
      {kept.error ? <AnswerFailed error={kept.error} again={() => void kept.refetch()} /> : null}
      <ul className="keptlist">
        {(kept.data?.descriptions ?? []).map((one) => (
          <li key={one.id} className="row s">
            <span className="tag">{text(kindNames[one.kind as DescriptionKind] ?? 'meta.kind')}</span>
            <span className="grow">
              {one.name}{' '}
              <small className="m3">{Object.values(one.values).map(writtenValue).join('; ').slice(0, 120)}</small>
            </span>
            <button type="button" className="btn sm" onClick={() => use(one.values, one.name)}>
              {text('meta.use')}
            </button>
            <button
              type="button"
              className="btn sm quiet"
              aria-label={text('meta.dropNamed', { name: one.name })}
              onClick={() =>
                void api.call(routes.dropDescription, { params: { id: one.id } }).then(() => kept.refetch())
              }
            >
              {text('meta.drop')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CopyStudy({ editor, view }: Props): JSX.Element {
  const text = useText();
  const [accession, setAccession] = useState('');
  const [read, setRead] = useState<ReadImport | undefined>();
  const [problem, setProblem] = useState('');
  const fetchStudy = async () => {
    setProblem('');
    setRead(undefined);
    try {
      const found = await api.call(routes.getStudy, { params: { accession: accession.trim() } });
      const offers = Object.entries(copiedFromStudy(found.metadata.values as Record<string, FieldValue>));
      const origin = { kind: 'file' as const, file: found.accession };
      setRead({
        name: found.accession,
        offers: offers.map(([key, value]) => ({ key, value, origin })),
        unread: [],
        unmatched: [],
        issues: [],
      });
    } catch {
      setProblem(text('meta.noStudy', { accession: accession.trim() }));
    }
  };
  return (
    <section>
      <h3>{text('meta.copyStudy')}</h3>
      <div className="row">
        <span className="field-in">
          <input
            type="text"
            aria-label={text('meta.accession')}
            placeholder={text('meta.accession')}
            value={accession}
            onChange={(event) => setAccession(event.target.value)}
          />
        </span>
        <button type="button" className="btn" disabled={accession.trim() === ''} onClick={() => void fetchStudy()}>
          {text('meta.look')}
        </button>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
      {read ? (
        <Offers
          key={read.name}
          read={read}
          view={view}
          takeOver={(offers) => {
            editor.edit(
              Object.fromEntries(offers.map(({ key, value, origin }) => [`value:${key}`, { value, origin }])),
            );
            setRead(undefined);
          }}
        />
      ) : null}
    </section>
  );
}

function CopyDataset({ editor, view }: Props): JSX.Element | null {
  const text = useText();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  if (draftDatasets(view.draft, view.slots).length < 2) return null;
  const copy = () => {
    const title = draftDatasets(view.draft, view.slots).find(({ id }) => id === from)?.title ?? '';
    const changes = copiedDataset(valuesOf(view.slots), from, to);
    editor.edit(
      Object.fromEntries(
        Object.entries(changes).map(([key, value]) => [
          `value:${key}`,
          value === undefined ? undefined : { value, origin: { kind: 'file', file: title } },
        ]),
      ),
    );
  };
  return (
    <section>
      <h3>{text('meta.copyDataset')}</h3>
      <div className="row">
        <PlaceSelect view={view} label={text('meta.from')} value={from} change={setFrom} onlyDatasets />
        <PlaceSelect view={view} label={text('meta.to')} value={to} change={setTo} onlyDatasets />
        <button type="button" className="btn" disabled={from === '' || to === '' || from === to} onClick={copy}>
          {text('meta.copy')}
        </button>
      </div>
    </section>
  );
}
