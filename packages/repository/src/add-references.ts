import { editableDraft } from './drafts.ts';
import { everyRow } from './pages-of-rows.ts';
import { checkCollisions } from './paths.ts';
import type { StudyStore } from './ports/study-store.ts';
import { checkReferences, mostReferences, referenceIssue, type StatedReference } from './references.ts';
import { Refused } from './refusals.ts';

/** Findings told of one list; the rest is of the same kind. */
const toldFindings = 100;

/** What adding files that stay where they are needs. */
export interface ReferencePorts {
  studies: StudyStore;
}

/**
 * Adds files that stay where they are to a draft; one that is there under the same path takes the new values.
 * @throws Refused with what is wrong; then none is added. NotThere, DraftNotEditable
 */
export async function addReferences(
  ports: ReferencePorts,
  draftId: string,
  stated: readonly StatedReference[],
  addressFault: (url: string) => string | undefined,
): Promise<void> {
  await editableDraft(ports, draftId);
  const { references, issues } = checkReferences(stated, addressFault);
  const files = new Set<string>();
  for await (const { path } of everyRow((page) => ports.studies.listFiles(draftId, page))) files.add(path);
  const sizes = new Map<string, number>();
  for await (const one of everyRow((page) => ports.studies.listReferences(draftId, page)))
    sizes.set(one.path, one.size);
  const paths = references.map(({ path }) => path);
  for (const path of paths)
    if (files.has(path))
      issues.push(
        referenceIssue('reference-twice', `${JSON.stringify(path)} is also a deposited file`, {
          where: { file: path },
        }),
      );
  issues.push(...checkCollisions(paths, [...files, ...sizes.keys()]));
  for (const { path, size } of references) sizes.set(path, size);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (sizes.size > mostReferences || !Number.isSafeInteger(bytes))
    issues.push(
      referenceIssue('too-many-references', `The study would name ${sizes.size} files of ${bytes} bytes elsewhere`),
    );
  if (issues.length > 0)
    throw new Refused('Nothing was added: something is wrong in the list', issues.slice(0, toldFindings));
  await ports.studies.putReferences(draftId, references);
}
