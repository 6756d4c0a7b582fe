import { type Field, licences } from '@micrarium/standards';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import type { Value } from './draft.ts';
import { TermList } from './term-list.tsx';

interface Props {
  field: Field;
  id: string;
  look: string;
  value: Value | undefined;
  change: (value: Value | undefined) => void;
}

const inputModes = { 'email-list': 'email', url: 'url' } as const;

/** The control for a field's type. Empty values are left out of the metadata. */
export function FieldControl({ field, id, look, value, change }: Props): JSX.Element {
  const text = useText();
  const example = text('field.example', { example: field.example });
  const typed = typeof value === 'string' ? value : '';
  const about = { id, 'aria-describedby': `${id}-help`, 'aria-required': field.archive === 'required' };
  const set = (next: string) => change(next === '' ? undefined : next);
  if (field.type === 'licence')
    return (
      <select {...about} className={`sel ${look}`} value={typed} onChange={(event) => set(event.target.value)}>
        <option value="">{text('field.choose')}</option>
        {typed === '' || licences.some(({ spdx }) => spdx === typed) ? null : (
          <option value={typed}>{text('field.unverified', { value: typed.slice(0, 120) })}</option>
        )}
        {licences.map(({ spdx, name }) => (
          <option key={spdx} value={spdx}>
            {name}
          </option>
        ))}
      </select>
    );
  if (field.choices)
    return (
      <select {...about} className={`sel ${look}`} value={typed} onChange={(event) => set(event.target.value)}>
        <option value="">{text('field.choose')}</option>
        {field.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  if (field.type === 'text-list' || field.type === 'term-list') {
    const entries = Array.isArray(value) ? (value as (string | { label: string; id?: string })[]) : [];
    return (
      <TermList
        id={id}
        look={look}
        example={example}
        {...(field.vocabulary === undefined ? {} : { vocabulary: field.vocabulary })}
        terms={entries.map((entry) => (typeof entry === 'string' ? { label: entry } : entry))}
        change={(terms) =>
          change(
            terms.length === 0 ? undefined : field.type === 'text-list' ? terms.map(({ label }) => label) : [...terms],
          )
        }
      />
    );
  }
  if (field.type === 'long-text')
    return (
      <span className={`field-in ${look}`}>
        <textarea {...about} value={typed} placeholder={example} onChange={(event) => set(event.target.value)} />
      </span>
    );
  if (field.type === 'date')
    return (
      <span className="row">
        <span className={`field-in ${look} date`}>
          <input {...about} type="date" value={typed} onChange={(event) => set(event.target.value)} />
        </span>
        <button type="button" className="btn sm" onClick={() => set(today())}>
          {text('field.today')}
        </button>
      </span>
    );
  return (
    <span className={`field-in ${look}`}>
      <input
        {...about}
        type="text"
        inputMode={inputModes[field.type as keyof typeof inputModes] ?? 'text'}
        placeholder={example}
        value={typed}
        onChange={(event) => set(event.target.value)}
      />
    </span>
  );
}

/** Today where the person is, as YYYY-MM-DD. */
function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
