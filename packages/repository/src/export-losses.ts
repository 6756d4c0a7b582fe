import type { Issue, StudyItem, TrackSetSummary } from '@micrarium/model';
import { lossesIn, type TrackForm, trackForms } from './export-forms.ts';
import { formKeys, mappingOf } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import { FormNotMade, readStoredSet } from './open-forms.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { buildForm } from './stored-form.ts';

/** A loss as it is kept: where it is, the set says. */
export type KeptLoss = Pick<Issue, 'code' | 'severity' | 'message'>;

/** What one form cannot hold of a set; an empty list means lossless. */
export interface FormLosses {
  /** An export form, or `parquet`: the stored tables of the set taken together. */
  form: TrackForm | 'parquet';
  losses: KeptLoss[];
}

/** The loss reports of one set of an item. */
export interface SetLosses {
  part: number;
  /** Left out where the set is too large to be counted beforehand. */
  forms?: FormLosses[];
}

/** Path of the loss reports among the content of an item. */
export const lossesPath = 'export-losses.json';

/**
 * Numbers in a set up to which its losses are counted at ingest. Writers foretell losses of a set in memory, and so do
 * exports; 20 million numbers (a million objects with ten features) are 160 MB.
 */
const mostNumbers = 20_000_000;

/**
 * Counts what every export form cannot hold of the sets of an item (or finds it counted): once, beside the tables the exports
 * are made of, so that pages tell it before anybody downloads.
 * @returns the file the reports lie in, as an output of the conversion
 */
export async function makeExportLosses(
  derived: DerivedStore,
  item: StudyItem,
  mapping: ReturnType<typeof mappingOf>,
  signal?: AbortSignal,
): Promise<WrittenOutput[]> {
  const form = await buildForm(derived, formKeys(item.id, mapping).losses, async (sink) => {
    const hashing = new HashingSink(sink);
    const sets: SetLosses[] = [];
    for (const set of item.trackSets) sets.push(await lossesOfSet(derived, item, set, mapping, signal));
    const file = await hashing.create(lossesPath);
    await file.write(new TextEncoder().encode(JSON.stringify({ sets })));
    await file.close();
    return { outputs: hashing.outputs };
  });
  return form.outputs;
}

async function lossesOfSet(
  derived: DerivedStore,
  item: StudyItem,
  { part, counts, columns, hasZ }: TrackSetSummary,
  mapping: ReturnType<typeof mappingOf>,
  signal?: AbortSignal,
): Promise<SetLosses> {
  if (counts.objects * (columns.length + (hasZ ? 6 : 5)) + counts.edges * 3 > mostNumbers) return { part };
  const set = await readStoredSet({ derived }, item, part, signal, mapping);
  const forms: FormLosses[] = [];
  for (const form of [...trackForms, 'parquet'] as const) {
    // A form of a million objects may take seconds: the other jobs of the worker, and those who stop this one, come between.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const losses = await lossesIn(form, set);
    forms.push({ form, losses: losses.map(({ code, severity, message }) => ({ code, severity, message })) });
  }
  return { part, forms };
}

/**
 * The loss reports of an item, as they were counted.
 * @throws FormNotMade where they were dropped, or the item was read before they were counted
 */
export async function readExportLosses(derived: DerivedStore, item: StudyItem): Promise<SetLosses[]> {
  if (item.trackSets.length === 0) return [];
  const source = await derived.open(formKeys(item.id, mappingOf(item)).losses, lossesPath);
  if (!source) throw new FormNotMade(item.id, lossesPath);
  try {
    return (JSON.parse(new TextDecoder().decode(await source.read(0, source.size))) as { sets: SetLosses[] }).sets;
  } finally {
    await source.close();
  }
}
