import type { StudyItem } from '@micrarium/model';
import {
  type Completeness,
  completenessOf,
  graphOfStudy,
  type StudyGraph,
  tierCompleteness,
} from '@micrarium/standards';
import { type JSX, useDeferredValue, useMemo, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import type { Draft } from '../deposit/draft.ts';
import { goTo } from '../deposit/missing-list.tsx';
import type { Slots } from '../deposit/slots.ts';
import { type MessageKey, language, useText } from '../messages/text.ts';
import { gathered, tierOfSlots, valuesOf } from './study-state.ts';

const names: Partial<Record<Completeness['profile'], MessageKey>> = {
  archive: 'meta.archiveTier',
  database: 'meta.databaseTier',
};

/** The study graph of a draft as the form stands now. */
export function graphOfDraft(draft: Draft, slots: Slots): StudyGraph {
  const items = draft.items as StudyItem[];
  return graphOfStudy(
    {
      metadata: { values: { ...valuesOf(slots), projectName: draft.accession }, origins: {} },
      files: items.flatMap((item) => item.files.map((path) => ({ path, size: 0, sha256: '', mediaType: '' }))),
      items,
      datasets: [...gathered(draft, slots).datasets],
    },
    // Where it will be: the address leads to its newest version.
    { url: `${location.origin}/studies/${draft.accession}`, publisher: 'Micrarium' },
  );
}

/** How complete a draft is by each tier and each archive's wishes. Pure. */
export function profilesOf(draft: Draft, slots: Slots): Completeness[] {
  const values = valuesOf(slots);
  const { datasets, given } = gathered(draft, slots);
  const graph = graphOfDraft(draft, slots);
  return [
    tierCompleteness('archive', values, datasets, given),
    tierCompleteness('database', values, datasets, given),
    ...completenessOf(graph).filter(({ profile }) => profile !== 'archive' && profile !== 'database'),
  ];
}

/** The completeness panel: a meter for each tier and archive, and what each misses, leading to its field. */
export function Profiles({ draft, slots }: { draft: Draft; slots: Slots }): JSX.Element {
  const text = useText();
  const [open, setOpen] = useState<Completeness['profile'] | undefined>();
  // Typing must not wait for it.
  const late = useDeferredValue(slots);
  const profiles = useMemo(() => profilesOf(draft, late), [draft, late]);
  const tier = tierOfSlots(late);
  return (
    <ul className="profiles">
      {profiles.map((one) => {
        const name = names[one.profile] ? text(names[one.profile]!) : one.name;
        const isOpen = open === one.profile;
        return (
          <li key={one.profile}>
            <button
              type="button"
              className="plainlink tl"
              aria-expanded={isOpen}
              onClick={() => setOpen(isOpen ? undefined : one.profile)}
            >
              <span className={one.profile === tier ? 'chosen' : ''}>{name}</span>
              <span className="num m2">{text('side.of', { done: one.done, of: one.required })}</span>
            </button>
            <div
              className="meter"
              role="progressbar"
              aria-label={name}
              aria-valuemin={0}
              aria-valuemax={one.required}
              aria-valuenow={one.done}
            >
              <i style={{ width: `${(100 * one.done) / Math.max(1, one.required)}%` }} />
            </div>
            {isOpen ? <Missing profile={one} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function Missing({ profile }: { profile: Completeness }): JSX.Element {
  const text = useText();
  const missing = profile.items.filter(({ isThere }) => !isThere);
  if (missing.length === 0) return <p className="st ok">{text('side.nothing')}</p>;
  return (
    <ul className="missing">
      {missing.map((item) => (
        <li key={`${item.label} ${item.places[0]}`}>
          <Icon name={item.obligation === 'required' ? 'circle' : 'info'} />
          <button
            type="button"
            className="plainlink"
            onClick={() => goTo(item.field === undefined ? 'files' : `field-${item.field}`)}
          >
            {item.labels[language()]}
            {item.lacking === undefined
              ? ''
              : ` ${text('meta.lacking', { lacking: item.lacking, asked: item.asked ?? 0 })}`}
            {item.obligation === 'recommended' ? <small>{` ${text('field.recommended')}`}</small> : null}
          </button>
        </li>
      ))}
    </ul>
  );
}
