import { type Dataset, type StudyItem, type StudyMetadata, groupDatasets } from '@micrarium/model';
import { type GivenValue, type MetadataTier, givenValues, tierKey } from '@micrarium/standards';
import { useMemo } from 'react';
import type { Draft } from '../deposit/draft.ts';
import type { Slots, ValueSlot } from '../deposit/slots.ts';

/** Values of the form by key, out of the slots of the editor. */
export function valuesOf(slots: Slots): StudyMetadata['values'] {
  return Object.fromEntries(
    Object.entries(slots).flatMap(([slot, content]) =>
      slot.startsWith('value:') ? [[slot.slice('value:'.length), (content as ValueSlot).value]] : [],
    ),
  ) as StudyMetadata['values'];
}

/** What the form of a study asks for, beside its values. */
export interface StudyAbout {
  tier: MetadataTier;
  datasets: readonly Dataset[];
  given: Readonly<Record<string, GivenValue>>;
}

const nothing = { datasets: [], given: {} } as const;

/** The tier chosen in the form. */
export function tierOfSlots(slots: Slots): MetadataTier {
  return (slots[`value:${tierKey}`] as ValueSlot | undefined)?.value === 'database' ? 'database' : 'archive';
}

/** Data sets of a draft as it would be published now. */
export function datasetsOf(draft: Draft, slots: Slots): Dataset[] {
  const pairs = Object.entries(slots).flatMap(([slot, content]) => (slot.startsWith('pair:') ? [content] : []));
  const titles = Object.fromEntries(
    Object.entries(slots).flatMap(([slot, content]) =>
      slot.startsWith('title:') ? [[slot.slice('title:'.length), content as string]] : [],
    ),
  );
  return groupDatasets(draft.items as StudyItem[], pairs as Parameters<typeof groupDatasets>[1], titles);
}

/**
 * Tier, data sets and given values of a draft; the same object as long as they say the same, so that files that come in
 * do not draw the form again. The archive tier asks nothing of data sets: none are gathered for it.
 */
export function useStudyAbout(draft: Draft, slots: Slots): StudyAbout {
  const tier = tierOfSlots(slots);
  // Compared by what it says: files that come in make a new draft again and again.
  const said = useMemo(
    () => JSON.stringify(tier === 'archive' ? { tier, ...nothing } : { tier, ...gathered(draft, slots) }),
    [draft, slots, tier],
  );
  return useMemo(() => JSON.parse(said) as StudyAbout, [said]);
}

/** Data sets of a draft, and what the archive and its files give for the fields. */
export function gathered(draft: Draft, slots: Slots): Omit<StudyAbout, 'tier'> {
  const datasets = datasetsOf(draft, slots);
  return {
    datasets,
    given: givenValues({
      metadata: { values: valuesOf(slots), origins: {} },
      items: draft.items as StudyItem[],
      datasets,
      accession: draft.accession,
      version: draft.version,
    }),
  };
}

/**
 * Something made of the data sets of a draft, made anew only when its items, pairs or titles change: what is typed into
 * the form leaves data sets as they are, and there may be very many.
 */
export function useOfDatasets<Made>(draft: Draft, slots: Slots, make: (draft: Draft, slots: Slots) => Made): Made {
  const shape = useMemo(
    () => JSON.stringify(Object.entries(slots).filter(([slot]) => /^(pair|title):/.test(slot))),
    [slots],
  );
  return useMemo(
    () => make(draft, slots),
    // oxlint-disable-next-line react/exhaustive-deps
    [draft.items, shape, make],
  );
}

/** Data sets of a draft with the paths of their files, as imports are matched with them. */
export function draftDatasets(draft: Draft, slots: Slots): { id: string; title: string; files: string[] }[] {
  const items = new Map(draft.items.map((item) => [item.id, item]));
  return datasetsOf(draft, slots).map(({ id, title, imageItems, quantitativeItems }) => ({
    id,
    title,
    files: [...imageItems, ...quantitativeItems].flatMap((item) => items.get(item)?.files ?? []),
  }));
}
