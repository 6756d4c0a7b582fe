import { valueKey } from '@micrarium/standards';
import { type JSX, useMemo, useState } from 'react';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { type ItemRow, readRows } from '../deposit/item-row.ts';
import { microscopeOfReports } from '../deposit/values-from-reports.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { type DescriptionKind, describedBy, descriptionFields } from './description-kinds.ts';
import { draftDatasets, gathered, valuesOf } from './study-state.ts';
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
  rows: readonly ItemRow[];
}

/** Where something is taken from, or put to: the whole study or one data set. */
export function PlaceSelect({
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

/** What the files say of each data set, by key; before they were sent, what was read of them here. */
function useGiven(view: EditorView, rows: readonly ItemRow[]) {
  const { draft, slots } = view;
  return useMemo(() => {
    const given = Object.fromEntries(
      Object.entries(gathered(draft, slots).given).map(([key, { value }]) => [key, value]),
    );
    const microscope = microscopeOfReports(readRows(rows));
    return microscope === undefined || Object.keys(given).some((key) => key.startsWith('microscope@'))
      ? given
      : { ...given, microscope };
  }, [draft, slots, rows]);
}

/** Descriptions of microscopes, protocols and samples: of mine, and of the groups I am in. */
export function KeptDescriptions({ editor, view, rows }: Props): JSX.Element {
  const text = useText();
  const [place, setPlace] = useState('');
  const dataset = place === '' ? undefined : place;
  const kept = useAnswer({
    queryKey: ['descriptions'],
    queryFn: ({ signal }) => api.call(routes.listDescriptions, { signal }),
  });
  const drop = useChange({
    mutationFn: (id: string) => api.call(routes.dropDescription, { params: { id } }),
    onSettled: () => kept.refetch(),
  });
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
      <KeepForm view={view} rows={rows} place={place} setPlace={setPlace} done={() => void kept.refetch()} />
      {drop.error ? <AnswerFailed error={drop.error} /> : null}
      {kept.error ? <AnswerFailed error={kept.error} again={() => void kept.refetch()} /> : null}
      <ul className="keptlist">
        {(kept.data?.descriptions ?? []).map((one) => (
          <li key={one.id} className="row s">
            <span className="tag">{text(kindNames[one.kind as DescriptionKind] ?? 'meta.kind')}</span>
            <span className="grow">
              {one.name}{' '}
              {one.group ? (
                <small className="m2">
                  {one.isMine
                    ? text('meta.keptInGroup', { group: one.group.name })
                    : text('meta.keptBy', { group: one.group.name, name: one.by })}{' '}
                </small>
              ) : null}
              <small className="m3">{Object.values(one.values).map(writtenValue).join('; ').slice(0, 120)}</small>
            </span>
            <button type="button" className="btn sm" onClick={() => use(one.values, one.name)}>
              {text('meta.use')}
            </button>
            {one.isMine ? (
              <button
                type="button"
                className="btn sm quiet"
                aria-label={text('meta.dropNamed', { name: one.name })}
                onClick={() => drop.mutate(one.id)}
              >
                {text('meta.drop')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Keeps what the form and the files say of one kind under a name, for me or for a group. */
function KeepForm({
  view,
  rows,
  place,
  setPlace,
  done,
}: Omit<Props, 'editor'> & { place: string; setPlace: (place: string) => void; done: () => void }): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [kind, setKind] = useState<DescriptionKind>('microscope');
  const [name, setName] = useState('');
  const [group, setGroup] = useState('');
  const [problem, setProblem] = useState('');
  const groups = useAnswer({
    queryKey: ['groups'],
    queryFn: ({ signal }) => api.call(routes.listTeams, { signal }),
  });
  const given = useGiven(view, rows);
  const values = describedBy(kind, valuesOf(view.slots), place === '' ? undefined : place, given);
  const told = Object.values(values).map(writtenValue).join('; ');
  const keep = async () => {
    setProblem('');
    const body = { kind, name: name.trim(), values: values as never, ...(group === '' ? {} : { group }) };
    try {
      await api.call(routes.keepDescription, { body });
      setName('');
      done();
    } catch (error) {
      setProblem(faultWords(error));
    }
  };
  return (
    <>
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
        {groups.data && groups.data.teams.length > 0 ? (
          <select
            className="sel"
            aria-label={text('meta.keptFor')}
            value={group}
            onChange={(event) => setGroup(event.target.value)}
          >
            <option value="">{text('meta.keptForMe')}</option>
            {groups.data.teams.map((one) => (
              <option key={one.id} value={one.id}>
                {text('meta.keptForGroup', { group: one.name })}
              </option>
            ))}
          </select>
        ) : null}
        <span className="field-in">
          <input
            type="text"
            aria-label={text('meta.keepName')}
            placeholder={text('meta.keepName')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </span>
        <button type="button" className="btn" disabled={name.trim() === '' || told === ''} onClick={() => void keep()}>
          {text('meta.keep')}
        </button>
      </div>
      <p className="or wrapany">
        {told === '' ? text('meta.keepNothing') : text('meta.keepWhat', { values: told.slice(0, 300) })}
      </p>
      <p className="problem" role="alert">
        {problem}
      </p>
    </>
  );
}
