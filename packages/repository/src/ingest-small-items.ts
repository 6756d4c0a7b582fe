import type { StudyItem } from '@micrarium/model';
import { checkTogether } from './check-together.ts';
import { type IngestPorts, makeForms } from './ingest.ts';
import type { AskedJob } from './ports/job-queue.ts';
import type { DraftItemRow, ItemReading } from './ports/study-store.ts';
import { ingestKey, type StoredFile } from './recognise.ts';
import { sideBySide } from './side-by-side.ts';
import { knownKeys } from './table-keys.ts';

/** Items that are read at the same time: what one waits for the disk, others need of the processor. */
const atOnce = 4;

/**
 * Does for many small items what `ingestItem` does for one, with a few statements for all. What fails, and what was tried in a batch before
 * (it may have been what killed that run), is left to `ingestItem`, each on its own.
 * @throws the signal's reason; what was read until then is kept
 */
export async function ingestSmallItems(
  ports: IngestPorts,
  jobs: readonly AskedJob<'ingest-small-item'>[],
  signal?: AbortSignal,
): Promise<void> {
  const alone = jobs.filter(({ isRepeated }) => isRepeated).map(({ data }) => data);
  const byDraft = Map.groupBy(
    jobs.filter(({ isRepeated }) => !isRepeated).map(({ data }) => data),
    ({ draftId }) => draftId,
  );
  for (const [draftId, wanted] of byDraft) {
    const itemIds = wanted.map(({ itemId }) => itemId);
    const left = await ingestOfDraft(ports, draftId, itemIds, signal);
    alone.push(...left.map((itemId) => ({ draftId, itemId })));
  }
  await ports.jobs.sendAll(
    'ingest-item',
    alone.map((data) => ({ data, key: ingestKey(data.draftId, data.itemId) })),
  );
}

/** @returns ids of the items that are to be read alone */
async function ingestOfDraft(
  ports: IngestPorts,
  draftId: string,
  itemIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { studies } = ports;
  if ((await studies.getDraft(draftId))?.state !== 'editing') return [];
  const rows = (await studies.getItems(draftId, itemIds)).filter(({ state }) => state !== 'done' && state !== 'kept');
  const files = await verifiedFiles(
    ports,
    draftId,
    rows.map(({ item }) => item),
  );
  const readings: ItemReading[] = [];
  const left: string[] = [];
  try {
    await sideBySide(
      rows,
      async ({ item, mapping }: DraftItemRow) => {
        signal?.throwIfAborted();
        const members = item.files.flatMap((path) => files.get(path) ?? []);
        // Files went away or were replaced since: the recognition that follows makes other items of what is left.
        if (members.length < item.files.length) return;
        try {
          const known = (keys: Parameters<typeof knownKeys>[2]) => knownKeys(ports, draftId, keys);
          readings.push({ ...(await makeForms(ports, item, members, { signal, mapping, known })), mapping });
        } catch (error) {
          if (signal?.aborted) throw error;
          left.push(item.id);
        }
      },
      atOnce,
    );
  } finally {
    await studies.noteReadings(draftId, readings);
  }
  if (left.length === 0 && !(await studies.hasUnreadItems(draftId))) await checkTogether(ports, draftId);
  return left;
}

/** The files of items, as far as they have arrived, by path. */
async function verifiedFiles(
  { studies }: IngestPorts,
  draftId: string,
  items: readonly StudyItem[],
): Promise<Map<string, StoredFile>> {
  const rows = await studies.getFiles(draftId, [...new Set(items.flatMap(({ files }) => files))]);
  return new Map(
    rows.flatMap(({ path, size, sha256, state }) =>
      state === 'verified' && sha256 !== undefined ? [[path, { path, size, sha256 }]] : [],
    ),
  );
}
