import type { Dataset, Issue, StudyMetadata } from '@micrarium/model';
import {
  datasetFields,
  fieldInTier,
  furtherMetadataFields,
  givenFields,
  heldValue,
  isPerDataset,
  type MetadataField,
  offeredStart,
  valueKey,
} from '@micrarium/standards';
import { type JSX, memo, useEffect, useMemo, useState } from 'react';
import type { DraftEditor } from '../deposit/draft-editor.ts';
import type { Value } from '../deposit/draft.ts';
import { FieldRow } from '../deposit/field-row.tsx';
import { goTo } from '../deposit/missing-list.tsx';
import type { Slots, ValueSlot } from '../deposit/slots.ts';
import { language, useText } from '../messages/text.ts';
import { onOpenFold } from './open-fold.ts';
import { type StudyAbout, valuesOf } from './study-state.ts';
import { inTrainingTable } from './training-columns.ts';
import { writtenValue } from './written-value.ts';

/** Data sets drawn at once; more on demand. */
const shownAtFirst = 50;

/** Split, sample and scoring of all data sets stand in a table of their own. */
const isOfDataset = (field: MetadataField) => isPerDataset(field) && !inTrainingTable.has(field.id);

interface Props {
  editor: DraftEditor;
  slots: Slots;
  about: StudyAbout;
  issues: ReadonlyMap<string, Issue[]>;
  showMissing: boolean;
}

/** Each data set with the fields of the database tier: what it has of its own, what its files give, what holds for all. */
export const DatasetFields = memo(function DatasetFields(props: Props): JSX.Element {
  const text = useText();
  const { about } = props;
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    new Set(about.datasets.length === 1 ? [about.datasets[0]!.id] : []),
  );
  useEffect(
    () =>
      onOpenFold((element) => {
        const id = element.slice(element.indexOf('@') + 1);
        if (inTrainingTable.has(element.replace(/^field-|@.*/g, ''))) return false;
        if (!element.includes('@') || !about.datasets.some((one) => one.id === id)) return false;
        setAll(true);
        setOpen((now) => new Set([...now, id]));
        requestAnimationFrame(() => requestAnimationFrame(() => goTo(element)));
        return true;
      }),
    [about.datasets],
  );
  const shown = all ? about.datasets : about.datasets.slice(0, shownAtFirst);
  // Once for all data sets: there may be a thousand of them.
  const values = useMemo(() => valuesOf(props.slots), [props.slots]);
  return (
    <section id="group-datasets" tabIndex={-1}>
      <div className="hd">
        <h2>{text('meta.datasets')}</h2>
        <span className="s m2">{text('meta.datasetsAbout', { count: about.datasets.length })}</span>
      </div>
      {about.datasets.length === 0 ? <p className="s m2">{text('meta.noDatasets')}</p> : null}
      {shown.map((dataset) => (
        <OneDataset
          key={dataset.id}
          {...props}
          values={values}
          dataset={dataset}
          isOpen={open.has(dataset.id)}
          toggle={(isOpen) =>
            setOpen((now) => {
              const next = new Set(now);
              if (isOpen) next.add(dataset.id);
              else next.delete(dataset.id);
              return next;
            })
          }
        />
      ))}
      {shown.length < about.datasets.length ? (
        <button type="button" className="btn" onClick={() => setAll(true)}>
          {text('meta.allDatasets', { count: about.datasets.length })}
        </button>
      ) : null}
    </section>
  );
});

/** How many required fields of a data set are there. */
function counted(
  about: StudyAbout,
  values: StudyMetadata['values'],
  dataset: Pick<Dataset, 'id'>,
): { done: number; of: number } {
  const required = datasetFields().filter(({ database }) => database === 'required');
  const done = required.filter(({ id }) => {
    const value = heldValue(values, about.given, id, dataset.id);
    return value !== undefined && value.length > 0;
  });
  return { done: done.length, of: required.length };
}

function OneDataset({
  dataset,
  values,
  isOpen,
  toggle,
  ...props
}: Props & {
  dataset: Dataset;
  values: StudyMetadata['values'];
  isOpen: boolean;
  toggle: (isOpen: boolean) => void;
}): JSX.Element {
  const text = useText();
  const { about } = props;
  const { done, of } = useMemo(() => counted(about, values, dataset), [about, values, dataset]);
  const fields = useMemo(() => [...datasetFields(), ...furtherMetadataFields().filter(isOfDataset)], []);
  return (
    <details className="dataset" open={isOpen} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>
        <span className="grow">{dataset.title}</span>
        <span className="s m2 num">{done === of ? text('form.complete') : text('form.requiredOf', { done, of })}</span>
      </summary>
      {isOpen ? (
        <div className="fg">
          {fields.map((field) =>
            field.id === 'datasetTitle' ? (
              <TitleRow key={field.id} field={field} dataset={dataset} editor={props.editor} />
            ) : givenFields.has(field.id) ? (
              <GivenRow key={field.id} field={field} about={about} dataset={dataset.id} />
            ) : (
              <OwnRow key={field.id} {...props} values={values} field={field} dataset={dataset.id} />
            ),
          )}
        </div>
      ) : null}
    </details>
  );
}

/** The title is that of the data set itself, wherever it is changed. */
function TitleRow({
  field,
  dataset,
  editor,
}: {
  field: MetadataField;
  dataset: Dataset;
  editor: DraftEditor;
}): JSX.Element {
  return (
    <FieldRow
      field={{ ...fieldInTier(field, 'database'), id: valueKey(field.id, dataset.id) }}
      slot={{ value: dataset.title }}
      issues={[]}
      showMissing={false}
      change={(value) => editor.edit({ [`title:${dataset.id}`]: value === '' ? undefined : value })}
    />
  );
}

/** A field that the archive or the files fill, and nobody types. */
export function GivenRow({
  field,
  about,
  dataset,
}: {
  field: MetadataField;
  about: Pick<StudyAbout, 'given'>;
  dataset?: string;
}): JSX.Element {
  const text = useText();
  const given = about.given[valueKey(field.id, dataset)];
  return (
    <div className="fr" id={`field-${valueKey(field.id, dataset)}`}>
      <div className="lab">
        {field.label[language()]}
        <small>{text('meta.given')}</small>
      </div>
      <div className="ctl s wrapany">
        {given ? writtenValue(given.value) : text('meta.givenLater')}
        {given?.origin.file === undefined ? null : (
          <p className="or">{text('origin.file', { file: given.origin.file })}</p>
        )}
      </div>
    </div>
  );
}

function OwnRow({
  editor,
  slots,
  about,
  issues,
  showMissing,
  field,
  dataset,
  values,
}: Props & { field: MetadataField; dataset: string; values: StudyMetadata['values'] }): JSX.Element {
  const text = useText();
  const key = valueKey(field.id, dataset);
  const own = slots[`value:${key}`] as ValueSlot | undefined;
  const forAll = slots[`value:${field.id}`] as ValueSlot | undefined;
  const given = about.given[key];
  const slot = own ?? (forAll ? undefined : (given as ValueSlot | undefined));
  const change = (value: Value | undefined) =>
    editor.edit({ [`value:${key}`]: value === undefined ? undefined : { value, origin: { kind: 'person' } } });
  return (
    <>
      <FieldRow
        field={{ ...fieldInTier(field, 'database'), id: key }}
        slot={slot}
        issues={issues.get(key) ?? []}
        showMissing={showMissing}
        change={change}
        // What holds for all data sets need not be said of this one.
        {...(forAll ? {} : { start: () => offeredStart(key, values, about.datasets) })}
      />
      {!own && forAll ? (
        <p className="or forall">{text('meta.forAll', { value: writtenValue(forAll.value) })}</p>
      ) : null}
    </>
  );
}
