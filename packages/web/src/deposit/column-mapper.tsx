import type { ColumnMapping, DelimitedHead } from '@micrarium/formats';
import { type JSX, useEffect, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { rememberMapping, rememberedMapping } from './column-memory.ts';
import { MappingFileButtons } from './mapping-file-buttons.tsx';
import type { Draft } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import type { ItemRow } from './item-row.ts';

const roles = ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const;
type Role = (typeof roles)[number];

const roleNames: Record<Role, MessageKey> = {
  x: 'column.x',
  y: 'column.y',
  z: 'column.z',
  frame: 'column.frame',
  time: 'column.time',
  track: 'column.track',
  objectId: 'column.objectId',
  parent: 'column.parent',
  label: 'column.label',
};
const spaceUnits = ['pixel', 'nanometer', 'micrometer', 'millimeter'] as const;
const timeUnits = ['frame', 'millisecond', 'second', 'minute', 'hour'] as const;

interface Props {
  draft: Draft;
  shelf: FileShelf;
  row: ItemRow;
  refresh: () => void;
}

/** Says which column of a table means what: guessed, shown on the first rows, corrected by hand, remembered. */
export function ColumnMapper({ draft, shelf, row, refresh }: Props): JSX.Element | null {
  const text = useText();
  const faultWords = useFaultWords();
  const [head, setHead] = useState<DelimitedHead | undefined>();
  const [mapping, setMapping] = useState<ColumnMapping>({});
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState('');
  const [path, first] = [row.path, row.local?.mapping];
  useEffect(() => {
    const control = new AbortController();
    shelf
      .ask<'table'>({ kind: 'table', files: shelf.listOf([path]), path }, { signal: control.signal, urgent: true })
      .then((found) => {
        setHead(found);
        if (found) setMapping(first ?? rememberedMapping(found.shapeKey) ?? found.guess.mapping);
      })
      .catch((error: unknown) => {
        if (!control.signal.aborted) setProblem(faultWords(error));
      });
    return () => control.abort(new Error('closed'));
    // The first mapping is where the person starts from; later ones are made here.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [path, shelf]);
  if (problem !== '' && !head) return <p className="problem">{problem}</p>;
  if (!head) return null;
  const apply = async () => {
    setState('busy');
    setProblem('');
    try {
      rememberMapping(head.shapeKey, mapping);
      await shelf.readAgain(path, mapping);
      if (row.server)
        await api.call(routes.setItemMapping, {
          params: { draft: draft.id, item: row.server.id },
          body: mapping as Record<string, string | number>,
        });
      refresh();
      setState('done');
    } catch (error) {
      setState('idle');
      setProblem(faultWords(error));
    }
  };
  const choose = (part: Partial<Record<keyof ColumnMapping, string | number>>) => {
    const next: Record<string, string | number | undefined> = { ...mapping, ...part };
    for (const key of Object.keys(next)) if (next[key] === '' || next[key] === undefined) delete next[key];
    setMapping(next as ColumnMapping);
    setState('idle');
  };
  return (
    <fieldset className="mapper">
      <legend>{text('column.title')}</legend>
      <Sample head={head} mapping={mapping} />
      <div className="roles">
        {roles.map((role) => (
          <label key={role}>
            {text(roleNames[role])}
            <select
              className="sel sm"
              value={mapping[role] ?? ''}
              onChange={(event) => choose({ [role]: event.target.value })}
            >
              <option value="">{text('column.none')}</option>
              {head.columns.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
        <UnitChoice
          label={text('column.spaceUnit')}
          value={mapping.spaceUnit ?? ''}
          units={spaceUnits}
          choose={(unit) => choose({ spaceUnit: unit })}
        />
        <UnitChoice
          label={text('column.timeUnit')}
          value={mapping.timeUnit ?? ''}
          units={timeUnits}
          choose={(unit) => choose({ timeUnit: unit })}
        />
        <label>
          {text('column.frameBase')}
          <select
            className="sel sm"
            value={mapping.frameBase ?? ''}
            onChange={(event) => choose({ frameBase: event.target.value === '' ? '' : Number(event.target.value) })}
          >
            <option value="">{text('column.unknown')}</option>
            <option value={0}>{'0'}</option>
            <option value={1}>{'1'}</option>
          </select>
        </label>
      </div>
      <div className="row w">
        <button type="button" className="btn sm" aria-disabled={state === 'busy'} onClick={() => void apply()}>
          {text('column.apply')}
        </button>
        <MappingFileButtons head={head} mapping={mapping} choose={choose} tell={setProblem} />
        <span className="s m2" role="status">
          {state === 'done' ? text('column.applied') : state === 'busy' ? text('column.applying') : ''}
        </span>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </fieldset>
  );
}

function Sample({ head, mapping }: { head: DelimitedHead; mapping: ColumnMapping }): JSX.Element {
  const text = useText();
  const roleOf = (name: string) => roles.find((role) => mapping[role] === name);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scrollx" role="group" tabIndex={0} aria-label={text('column.firstRows')}>
      <table className="t sample">
        <thead>
          <tr>
            {head.columns.map(({ name }) => {
              const role = roleOf(name);
              return (
                <th key={name} className={role ? 'chosen' : ''}>
                  {name}
                  <small>{role ? text(roleNames[role]) : ' '}</small>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {head.sample.slice(0, 4).map((cells, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index}>
              {cells.map((cell, column) => (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={column}>{cell.slice(0, 24)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UnitChoice({
  label,
  value,
  units,
  choose,
}: {
  label: string;
  value: string;
  units: readonly string[];
  choose: (unit: string) => void;
}): JSX.Element {
  const text = useText();
  return (
    <label>
      {label}
      <select
        className={`sel sm ${value === '' ? 'need' : ''}`}
        value={value}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{text('column.unknown')}</option>
        {units.map((unit) => (
          <option key={unit} value={unit}>
            {text(`unit.${unit}` as MessageKey)}
          </option>
        ))}
      </select>
    </label>
  );
}
