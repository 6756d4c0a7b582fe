import { type StudyFile, versionNoteOf } from '@micrarium/model';
import type { DraftFileRow, StudyStore } from './ports/study-store.ts';
import type { Preview } from './preview.ts';

/** Rows that are asked for at least, where a page is not full. */
const fewRows = 50;

/**
 * A store that has one more version: one that is not published. Everything that reads published versions reads it like them, by accession
 * and number, a page of rows at a time; to `newest` it answers with it. Rows are those of the draft as it is when they are asked for.
 */
export function storeWithPreview(studies: StudyStore, preview: Preview): StudyStore {
  const { version: found, draftId } = preview;
  const is = (accession: string, version: number | 'newest') =>
    accession === found.accession && (version === 'newest' || version === found.version);
  const shownFile = ({ path, size, sha256, mediaType, others }: DraftFileRow): StudyFile[] =>
    sha256 === undefined || preview.leftOut.has(path) ? [] : [{ path, size, sha256, mediaType, ...others }];
  const answers: Pick<
    StudyStore,
    | 'getVersion'
    | 'listVersions'
    | 'listVersionFiles'
    | 'getVersionFile'
    | 'listVersionItems'
    | 'getVersionItem'
    | 'listVersionReferences'
  > = {
    getVersion: async (accession, version, minor) =>
      is(accession, version) ? found : await studies.getVersion(accession, version, minor),
    async listVersions(accession) {
      const published = await studies.listVersions(accession);
      if (accession !== found.accession) return published;
      const { version, publishedAt } = found;
      return [{ version, publishedAt, ...versionNoteOf(found) }, ...published];
    },
    async listVersionFiles(accession, version, { after, limit }) {
      if (!is(accession, version))
        return await studies.listVersionFiles(accession, version, { limit, ...(after === undefined ? {} : { after }) });
      const files: StudyFile[] = [];
      // Some of a page are not shown: what they leave free is filled with those after them.
      for (let [last, wanted] = [after, limit]; ; wanted = Math.max(limit - files.length, fewRows)) {
        const rows = await studies.listFiles(draftId, {
          limit: wanted,
          ...(last === undefined ? {} : { after: last }),
        });
        files.push(...rows.flatMap(shownFile));
        if (rows.length < wanted || files.length >= limit) return files.slice(0, limit);
        last = rows.at(-1)!.path;
      }
    },
    async getVersionFile(accession, version, path) {
      if (!is(accession, version)) return await studies.getVersionFile(accession, version, path);
      const row = await studies.getFile(draftId, path);
      return row && shownFile(row)[0];
    },
    async listVersionItems(accession, version, { from, limit }) {
      if (!is(accession, version)) return await studies.listVersionItems(accession, version, { from, limit });
      if (found.plainItems === undefined) return found.items.slice(from, from + limit);
      return (await studies.itemsPage(draftId, { from, limit })).map(({ row }) => preview.shown(row.item));
    },
    async getVersionItem(accession, version, itemId) {
      if (!is(accession, version)) return await studies.getVersionItem(accession, version, itemId);
      const told = found.items.find(({ id }) => id === itemId);
      if (told || found.plainItems === undefined) return told;
      const row = await studies.getItem(draftId, itemId);
      return row && preview.shown(row.item);
    },
    async listVersionReferences(accession, version, page) {
      if (!is(accession, version)) return await studies.listVersionReferences(accession, version, page);
      return preview.tellsOfElsewhere ? await studies.listReferences(draftId, page) : [];
    },
  };
  // All other methods are those of the store itself, with its own fields behind `this`.
  return Object.assign(Object.create(studies) as StudyStore, answers);
}
