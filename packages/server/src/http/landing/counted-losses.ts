import { askToRebuild, FormNotMade, readExportLosses, type SetLosses } from '@micrarium/repository';
import type { Services } from '../kernel.ts';
import { previewLink } from '../private-reading.ts';
import type { FoundVersion } from '../study-access.ts';
import { itemsToTake } from './landing-data.ts';

/** Items whose losses were asked to be counted while the server runs: a page that is looked at often asks once. */
const asked = new Set<string>();
/** More are forgotten; asking twice does no harm. */
const mostAsked = 10_000;

/**
 * The loss reports of the items a page shows, as they were counted. What was published before they were counted, or was dropped,
 * is counted soon.
 */
export async function countedLosses(services: Services, version: FoundVersion): Promise<Map<string, SetLosses[]>> {
  const counted = new Map<string, SetLosses[]>();
  await Promise.all(
    itemsToTake(version).map(async (item) => {
      if (item.trackSets.length === 0) return;
      try {
        counted.set(item.id, await readExportLosses(services.derived, item));
      } catch (fault) {
        if (!(fault instanceof FormNotMade)) throw fault;
        // Of a draft nothing is asked for; to be noted as asked would keep it from being counted once published.
        if (asked.has(item.id) || previewLink()) return;
        if (asked.size >= mostAsked) asked.clear();
        asked.add(item.id);
        await askToRebuild(services, { accession: version.accession, version: version.version, itemId: item.id });
      }
    }),
  );
  return counted;
}
