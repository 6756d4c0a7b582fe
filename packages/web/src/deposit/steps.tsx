import { type FieldValue, severityForTier } from '@micrarium/model';
import { type JSX, useMemo } from 'react';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import { type Draft, type DraftPair, isFurther } from './draft.ts';
import type { StudyAbout } from '../metadata/study-state.ts';
import { figuresKey, readFigures } from '@micrarium/standards';
import { type Group, fieldsOf, filled, groups, metadataIssues } from './field-state.ts';
import type { ItemRow } from './item-row.ts';
import { noteSlots, type Slots, type ValueSlot, pairKey } from './slots.ts';

/** Names of the parts of the form. */
export const groupNames: Record<Group, MessageKey> = {
  study: 'group.study',
  contact: 'group.contact',
  method: 'group.method',
  data: 'group.data',
  people: 'group.people',
};

/** The checklist that fills itself; leads to each part. */
export function Steps({
  draft,
  slots,
  rows,
  about,
}: {
  draft: Draft;
  slots: Slots;
  rows: readonly ItemRow[];
  about: StudyAbout;
}): JSX.Element {
  const text = useText();
  const wrong = useMemo(
    () =>
      new Set(
        metadataIssues(slots, about).flatMap(({ severity, code, where }) =>
          severity === 'error' && code !== 'field-missing' && where.field !== undefined ? [where.field] : [],
        ),
      ),
    [slots, about],
  );
  const pairs = Object.entries(slots).flatMap(([slot, content]) =>
    slot.startsWith('pair:') ? [content as DraftPair] : [],
  );
  const chosen = new Set(pairs.map(pairKey));
  const open = draft.proposals.filter((pair) => !chosen.has(pairKey(pair))).length;
  const errors = useMemo(
    () =>
      rows.filter(({ report }) => report?.issues.some((issue) => severityForTier(issue, about.tier) === 'error'))
        .length,
    [rows, about.tier],
  );
  // Files that stay elsewhere are files too; of those that are sent all must have come.
  const hasAllFiles =
    draft.files.count > 0
      ? rows.length > 0 && draft.files.verified === draft.files.count
      : !draft.missing.some(({ code }) => code === 'no-files');
  const figures = readFigures((slots[`value:${figuresKey}`] as ValueSlot | undefined)?.value as FieldValue | undefined);
  return (
    <nav className="steps" aria-label={text('deposit.steps')}>
      {isFurther(draft) ? (
        <Step
          href="#note"
          name={text('publish.note')}
          state={noteSlots.every((one) => slots[one] !== undefined) ? 'done' : 'open'}
          note=""
        />
      ) : null}
      <Step
        href="#files"
        name={text('files.title')}
        state={errors > 0 ? 'warn' : hasAllFiles ? 'done' : 'open'}
        note={errors > 0 ? text('steps.toCheck', { count: errors }) : ''}
      />
      {open + pairs.length > 0 ? (
        <Step
          href="#pairs"
          name={text('pairs.title')}
          state={open > 0 ? 'warn' : 'done'}
          note={open > 0 ? text('steps.toCheck', { count: open }) : ''}
        />
      ) : null}
      {groups.map((group) => {
        const fields = fieldsOf(group, about.tier, slots);
        const { done, of } = filled(slots, fields);
        const isRequired = fields.some((field) => field.archive === 'required');
        const state = fields.some(({ id }) => wrong.has(id))
          ? 'warn'
          : done === of
            ? 'done'
            : isRequired
              ? 'open'
              : 'free';
        return (
          <Step
            key={group}
            href={`#group-${group}`}
            name={text(groupNames[group])}
            state={state}
            note={isRequired ? `${done} / ${of}` : ''}
          />
        );
      })}
      {about.tier === 'database' ? (
        <Step
          href="#group-datasets"
          name={text('meta.datasets')}
          state={[...wrong].some((field) => field.includes('@')) ? 'warn' : 'free'}
          note={String(about.datasets.length)}
        />
      ) : null}
      <Step
        href="#figures"
        name={text('figures.title')}
        state="free"
        note={figures.length > 0 ? String(figures.length) : ''}
      />
      <Step href="#release" name={text('life.release')} state="free" note="" />
    </nav>
  );
}

function Step({
  href,
  name,
  state,
  note,
}: {
  href: string;
  name: string;
  state: 'done' | 'warn' | 'open' | 'free';
  note: string;
}): JSX.Element {
  const look = { done: 'ok', warn: 'warn', open: 'o', free: 'o' }[state];
  return (
    <a href={href}>
      <span className={look}>
        <Icon name={state === 'done' ? 'check' : state === 'warn' ? 'warn' : 'circle'} />
      </span>
      {name}
      <span className="n">{note}</span>
    </a>
  );
}
