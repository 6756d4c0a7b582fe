import { issueWords } from '@micrarium/api';
import type { Dataset, Issue } from '@micrarium/model';
import { checkTraining, furtherMetadataFields, type MetadataField, valueKey } from '@micrarium/standards';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useIssueTexts } from '../messages/server-words.ts';
import { language, useText } from '../messages/text.ts';
import { onOpenFold } from '../metadata/open-fold.ts';
import { datasetsOf, valuesOf } from '../metadata/study-state.ts';
import { inTrainingTable, trainingColumns } from '../metadata/training-columns.ts';
import type { DraftEditor } from './draft-editor.ts';
import type { Draft } from './draft.ts';
import { goTo } from './missing-list.tsx';
import type { Slots, ValueSlot } from './slots.ts';

/** Data sets drawn at once; more on demand. */
const shownAtFirst = 50;

interface Props {
  editor: DraftEditor;
  draft: Draft;
  slots: Slots;
}

/**
 * Training material and ground truth: a table of the data sets with split, sample and how results are scored, in either tier. Its first
 * line holds for all of them.
 */
export function TrainingSection({ editor, draft, slots }: Props): JSX.Element {
  const text = useText();
  const filled = useMemo(
    () =>
      new Set(
        Object.keys(slots).flatMap((slot) => {
          const id = /^value:(\w+)(?:@|$)/.exec(slot)?.[1] ?? '';
          return inTrainingTable.has(id) ? [slot] : [];
        }),
      ).size,
    [slots],
  );
  const [open, setOpen] = useState(filled > 0);
  useEffect(
    () =>
      onOpenFold((element) => {
        const id = /^field-(\w+)(?:@|$)/.exec(element)?.[1] ?? '';
        if (!inTrainingTable.has(id)) return false;
        setOpen(true);
        requestAnimationFrame(() => requestAnimationFrame(() => goTo(element)));
        return true;
      }),
    [],
  );
  return (
    <section id="group-training" tabIndex={-1}>
      <details className="dataset training" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 className="grow" id="training-title">
            {text('meta.training')}
          </h2>
          <span className="s m2 num">{filled > 0 ? text('meta.trainingFilled', { count: filled }) : ''}</span>
        </summary>
        <p className="s m2">{text('meta.trainingAbout')}</p>
        {open ? <TrainingTable editor={editor} draft={draft} slots={slots} /> : null}
      </details>
    </section>
  );
}

function TrainingTable({ editor, draft, slots }: Props): JSX.Element {
  const text = useText();
  const [all, setAll] = useState(false);
  const fields = useMemo(() => {
    const known = furtherMetadataFields();
    return trainingColumns.flatMap((id) => known.find((one) => one.id === id) ?? []);
  }, []);
  const datasets = useMemo(() => datasetsOf(draft, slots), [draft, slots]);
  const names = useMemo(() => namesOf(datasets, draft), [datasets, draft]);
  const issues = useMemo(
    () => Map.groupBy(checkTraining(valuesOf(slots), datasets), ({ where }) => where.field ?? ''),
    [datasets, slots],
  );
  const shown = all ? datasets : datasets.slice(0, shownAtFirst);
  const cell = { editor, slots, issues };
  return (
    <>
      <div className="tablebox" role="region" aria-labelledby="training-title" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{text('meta.trainingDataset')}</th>
              {fields.map((field) => (
                <th key={field.id} scope="col" title={field.help[language()]}>
                  {field.label[language()]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {datasets.length === 1 ? null : (
              <tr>
                <th scope="row">{text('meta.trainingAll')}</th>
                {fields.map((field) => (
                  <Cell key={field.id} {...cell} field={field} of={text('meta.trainingAll')} />
                ))}
              </tr>
            )}
            {shown.map(({ id }) => (
              <tr key={id}>
                <th scope="row">{names.get(id)}</th>
                {fields.map((field) => (
                  <Cell key={field.id} {...cell} field={field} dataset={id} of={names.get(id) ?? ''} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < datasets.length ? (
        <button type="button" className="btn" onClick={() => setAll(true)}>
          {text('meta.allDatasets', { count: datasets.length })}
        </button>
      ) : null}
    </>
  );
}

/** Titles of data sets; with the folder where two are called alike, as images and their masks are. */
function namesOf(datasets: readonly Dataset[], { items }: Draft): Map<string, string> {
  const count = Map.groupBy(datasets, ({ title }) => title);
  const paths = new Map(items.map(({ id, path }) => [id, path]));
  return new Map(
    datasets.map((one) => {
      const first = [...one.imageItems, ...one.quantitativeItems][0];
      const path = first === undefined ? undefined : paths.get(first);
      return [one.id, (count.get(one.title)?.length ?? 0) > 1 && path !== undefined ? path : one.title];
    }),
  );
}

interface CellProps extends Pick<Props, 'editor' | 'slots'> {
  issues: ReadonlyMap<string, Issue[]>;
  field: MetadataField;
  dataset?: string;
  /** Title of the data set. */
  of: string;
}

function Cell({ editor, slots, issues, field, dataset, of }: CellProps): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  const key = valueKey(field.id, dataset);
  const own = slots[`value:${key}`] as ValueSlot | undefined;
  const forAll = dataset === undefined ? undefined : (slots[`value:${field.id}`] as ValueSlot | undefined);
  const value = typeof own?.value === 'string' ? own.value : '';
  const usual = typeof forAll?.value === 'string' ? forAll.value : '';
  const found = issues.get(key) ?? [];
  const about = {
    id: `field-${key}`,
    'aria-label': `${field.label[language()]}: ${of}`,
    ...(found.length > 0 ? { 'aria-describedby': `field-${key}-help` } : {}),
  };
  const change = (next: string) =>
    editor.edit({ [`value:${key}`]: next === '' ? undefined : { value: next, origin: { kind: 'person' } } });
  return (
    <td>
      {field.choices ? (
        <select {...about} className="sel" value={value} onChange={(event) => change(event.target.value)}>
          <option value="">{usual === '' ? text('field.choose') : text('meta.trainingUsual', { value: usual })}</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          {...about}
          className="field-in"
          value={value}
          placeholder={usual}
          maxLength={200}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {found.length > 0 ? (
        <div id={`field-${key}-help`}>
          {found.map((issue) => (
            <p key={issue.code} className={`or ${issue.severity === 'error' ? 'bad' : 'warn'}`}>
              {issueWords(issue, texts).meaning}
            </p>
          ))}
        </div>
      ) : null}
    </td>
  );
}
