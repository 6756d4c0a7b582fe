import { parseDictionary, tableSchema } from '@micrarium/formats';
import { type ColumnMeaning, type FeatureColumn, type FeatureTableSummary, featureKeys } from '@micrarium/model';
import { type JSX, useRef, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { dictionaryText, distinctColumns, withEntries } from './dictionary-entries.ts';
import type { Draft } from './draft.ts';

interface Props {
  draft: Draft;
  /** The item on the server; left out while it is not there. */
  item: string | undefined;
  tables: readonly FeatureTableSummary[];
  refresh: () => void;
}

/** Says what the columns of feature tables mean: unit, meaning, vocabulary term, and what a row is about. */
export function DataDictionaryForm({ draft, item, tables, refresh }: Props): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [entries, setEntries] = useState<Record<string, ColumnMeaning>>({});
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const columns = withEntries(distinctColumns(tables), entries);
  const change = (name: string, part: ColumnMeaning) => {
    setEntries((all) => ({ ...all, [name]: { ...all[name], ...part } }));
    setState('idle');
  };
  const save = async () => {
    if (item === undefined) return;
    setState('busy');
    setProblem('');
    try {
      const body = { dictionary: dictionaryText(columns) };
      await api.call(routes.setItemMapping, { params: { draft: draft.id, item }, body });
      refresh();
      setState('done');
    } catch (error) {
      setState('idle');
      setProblem(faultWords(error));
    }
  };
  const load = async (file: File) => {
    let value: unknown;
    try {
      value = JSON.parse(await file.text());
    } catch {
      value = undefined;
    }
    const found = parseDictionary(value);
    setProblem(found ? '' : text('dictionary.noFile'));
    if (found) setEntries((all) => ({ ...all, ...found }));
    setState('idle');
  };
  return (
    <fieldset className="mapper">
      <legend>{text('dictionary.title')}</legend>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scrollx" role="group" tabIndex={0} aria-label={text('dictionary.title')}>
        <table className="t dictionary">
          <thead>
            <tr>
              {(['column', 'key', 'unit', 'meaning', 'term', 'termId'] as const).map((head) => (
                <th key={head} scope="col">
                  {text(`dictionary.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.slice(0, mostShown).map((column) => (
              <ColumnRow key={column.name} column={column} change={(part) => change(column.name, part)} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="row w">
        <button
          type="button"
          className="btn sm"
          aria-disabled={item === undefined || state === 'busy'}
          onClick={() => void save()}
        >
          {text('dictionary.save')}
        </button>
        <button
          type="button"
          className="btn quiet sm"
          onClick={() =>
            saveText('columns.schema.json', 'application/json', `${JSON.stringify(tableSchema(columns), null, 2)}\n`)
          }
        >
          {text('dictionary.saveFile')}
        </button>
        <button type="button" className="btn quiet sm" onClick={() => input.current?.click()}>
          {text('dictionary.loadFile')}
        </button>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={text('dictionary.loadFile')}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void load(file);
          }}
        />
        <span className="s m2" role="status">
          {item === undefined
            ? text('dictionary.notThere')
            : state === 'done'
              ? text('dictionary.saved')
              : state === 'busy'
                ? text('column.applying')
                : ''}
        </span>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </fieldset>
  );
}

/** Columns that are drawn; tables of thousands are described by a file. */
const mostShown = 300;

function ColumnRow({ column, change }: { column: FeatureColumn; change: (part: ColumnMeaning) => void }): JSX.Element {
  const text = useText();
  const { name, type, unit, meaning, term, keyedTo } = column;
  const isValue = keyedTo === undefined;
  const isNumber = type === 'int' || type === 'float';
  const cell = (label: MessageKey, value: string | undefined, isNeeded: boolean, take: (value: string) => void) => (
    <td data-label={text(label)}>
      <span className={`field-in ${isNeeded && !value ? 'need' : ''}`}>
        <input
          aria-label={`${name}: ${text(label)}`}
          value={value ?? ''}
          onChange={(event) => take(event.target.value)}
        />
      </span>
    </td>
  );
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={text('dictionary.key')}>
        <select
          className="sel sm"
          aria-label={`${name}: ${text('dictionary.key')}`}
          value={keyedTo ?? 'none'}
          onChange={(event) => change({ keyedTo: event.target.value as NonNullable<ColumnMeaning['keyedTo']> })}
        >
          <option value="none">{text('dictionary.noKey')}</option>
          {featureKeys.map((key) => (
            <option key={key} value={key}>
              {text(`featureKey.${key}`)}
            </option>
          ))}
        </select>
      </td>
      {cell('dictionary.unit', unit, isValue && isNumber, (value) => change({ unit: value }))}
      {cell('dictionary.meaning', meaning, isValue && !term, (value) => change({ meaning: value }))}
      {cell('dictionary.term', term?.label, false, (label) => change({ term: { ...term, label } }))}
      {cell('dictionary.termId', term?.id, false, (id) => change({ term: { label: term?.label ?? '', id } }))}
    </tr>
  );
}
