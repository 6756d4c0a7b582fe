import { type IssueTexts, issueWords as wordsOfCode } from '@micrarium/api';
import type { FieldValue, Issue } from '@micrarium/model';
import { type Field, type Obligation, type OfferedFix, offeredFix } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useIssueTexts } from '../messages/server-words.ts';
import { type MessageKey, language, useText } from '../messages/text.ts';
import { writtenValue } from '../metadata/written-value.ts';
import { ContributorList } from './contributor-list.tsx';
import type { Origin, Value } from './draft.ts';
import { FieldControl } from './field-control.tsx';
import type { ValueSlot } from './slots.ts';

const obligations: Record<Obligation, MessageKey> = {
  required: 'field.required',
  recommended: 'field.recommended',
  optional: 'field.optional',
};
/** Words of our own for what the checks find, in the reader's language. */
export const issueWords: Readonly<Record<string, MessageKey>> = {
  'field-missing': 'field.missing',
  'field-malformed': 'field.malformed',
  'field-wrong-kind': 'field.wrongKind',
  'text-forbidden-character': 'field.forbiddenCharacter',
  'organism-abbreviated': 'field.organismAbbreviated',
  'contributor-incomplete': 'field.contributorIncomplete',
};

interface Props {
  field: Field;
  slot: ValueSlot | undefined;
  issues: readonly Issue[];
  showMissing: boolean;
  change: (value: Value | undefined) => void;
  /** Takes over a fix that touches other fields too; without it such fixes are not offered. */
  mend?: (fix: OfferedFix) => void;
  /** A start for the field where it is asked for and empty; asked only then. */
  start?: () => FieldValue | undefined;
}

/** One field: its label, its control, where its value came from, and what is wrong with it. */
export function FieldRow({ field, slot, issues, showMissing, change, mend, start }: Props): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  const [left, setLeft] = useState(false);
  const id = `field-${field.id}`;
  const shown = issues.filter(
    ({ code }) => code !== 'field-recommended' && (code !== 'field-missing' || left || showMissing),
  );
  const isMissing = shown.some(({ code }) => code === 'field-missing');
  const isWrong = shown.some(({ code, severity }) => code !== 'field-missing' && severity === 'error');
  const look = isMissing ? 'need' : isWrong ? 'wrong' : slot?.origin && slot.origin.kind !== 'person' ? 'pre' : '';
  const isBlock = field.type === 'contributors';
  const label = field.label[language()];
  return (
    <div className={`fr ${isBlock ? 'block' : ''}`} onBlur={() => setLeft(true)}>
      {isBlock || field.type === 'text-list' || field.type === 'term-list' ? (
        <div className="lab" id={`${id}-label`}>
          {label}
          <small>{text(obligations[field.archive])}</small>
        </div>
      ) : (
        <label className="lab" htmlFor={id} id={`${id}-label`}>
          {label}
          <small>{text(obligations[field.archive])}</small>
        </label>
      )}
      <div className="ctl">
        {isBlock ? (
          <ContributorList id={id} people={(slot?.value as never) ?? []} change={change as never} />
        ) : (
          <FieldControl field={field} id={id} look={look} value={slot?.value} change={change} />
        )}
        <div id={`${id}-help`}>
          {shown.map((issue) => (
            <p
              key={issue.code + issue.message}
              className={`or ${issue.severity === 'error' && !isMissing ? 'bad' : 'warn'}`}
            >
              <Icon name={issue.severity === 'error' && !isMissing ? 'bad' : 'warn'} />
              {wordsOf(issue, field, text, texts)}
            </p>
          ))}
          {shown.some(({ code }) => code !== 'field-missing') ? (
            <FixOffer field={field} value={slot?.value} change={change} {...(mend ? { mend } : {})} />
          ) : null}
          {slot === undefined && start && field.archive !== 'optional' ? (
            <StartOffer start={start} change={change} />
          ) : null}
          {slot?.origin && slot.origin.kind !== 'person' ? (
            <OriginLine origin={slot.origin} />
          ) : (
            <p className="or">
              {field.help[language()]}
              {field.isPrivate && !field.help.en.includes('publicly') ? ` ${text('field.private')}` : ''}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

/** What an empty field most likely begins with, by what else is said, to be taken over with one press. */
function StartOffer({
  start,
  change,
}: Pick<Props, 'change'> & { start: () => FieldValue | undefined }): JSX.Element | null {
  const text = useText();
  const value = start();
  if (value === undefined) return null;
  return (
    <p className="or">
      <button type="button" className="btn sm" onClick={() => change(value as Value)}>
        {text('field.fix', { value: writtenValue(value as Value).slice(0, 120) })}
      </button>
    </p>
  );
}

/** What an entered value most likely means, to be taken over with one press. */
function FixOffer({
  field,
  value,
  change,
  mend,
}: Pick<Props, 'field' | 'change' | 'mend'> & { value: Value | undefined }): JSX.Element | null {
  const text = useText();
  const fix = offeredFix(field, value as FieldValue | undefined);
  if (!fix) return null;
  const own = fix[field.id];
  const status = fix.paperStatus;
  if (own === undefined && !(mend && typeof status === 'string')) return null;
  return (
    <p className="or">
      <button type="button" className="btn sm" onClick={() => (own === undefined ? mend?.(fix) : change(own as Value))}>
        {own === undefined
          ? text('field.fixStatus', { status: String(status) })
          : text('field.fix', { value: writtenValue(own).slice(0, 120) })}
      </button>
    </p>
  );
}

function wordsOf(issue: Issue, field: Field, text: ReturnType<typeof useText>, texts: IssueTexts | undefined): string {
  const key = issueWords[issue.code];
  return key ? text(key, { example: field.example, row: issue.where.row ?? 0 }) : wordsOfCode(issue, texts).meaning;
}

/** Places as `values-from-reports.ts` notes them, in the reader's language; others stand as the file says them. */
function placeWords(place: string, text: ReturnType<typeof useText>): string {
  const contrast = /^contrast method “(.*)”$/.exec(place)?.[1];
  if (contrast !== undefined) return text('origin.contrast', { method: contrast });
  if (place === 'metadata of the microscope') return text('origin.microscope');
  const mode = /^acquisition mode “(.*)”$/.exec(place)?.[1];
  if (mode !== undefined) return text('origin.mode', { mode });
  const emission = /^emission at ([\d.]+) nm$/.exec(place)?.[1];
  return emission === undefined ? place : text('origin.emission', { nanometers: emission });
}

/** Where a prefilled value came from. */
function OriginLine({ origin }: { origin: Origin }): JSX.Element {
  const text = useText();
  return (
    <p className="or">
      <Icon name={origin.kind === 'account' ? 'person' : 'file'} />
      {origin.kind === 'account'
        ? text('origin.account')
        : origin.file === undefined || origin.file === ''
          ? text('origin.files')
          : origin.place === undefined
            ? text('origin.file', { file: origin.file })
            : text('origin.place', { file: origin.file, place: placeWords(origin.place, text) })}
    </p>
  );
}
