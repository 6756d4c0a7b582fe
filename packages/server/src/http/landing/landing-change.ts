import type { Translate } from '@micrarium/api';
import { type VersionNote, versionLabel } from '@micrarium/model';
import type { ListedVersion } from '@micrarium/repository';
import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

/** Characters of a note, or of its first line, that a page shows before it folds the rest. */
const mostUnfolded = 300;

const kindsText = (text: Translate, { changeKinds = [] }: VersionNote): string =>
  changeKinds.map((kind) => text(`change.${kind}`)).join(text('change.and'));

/** Kinds of change and whether earlier results hold, as one line; `''` of a version that says neither. */
export function changeText(text: Translate, said: VersionNote): string {
  const kinds = kindsText(text, said);
  const results = said.earlierResults === undefined ? '' : text(`change.${said.earlierResults}`);
  return kinds === '' || results === '' ? kinds + results : text('change.both', { kinds, results });
}

/** A note as people wrote it, its lines kept; a long one opens. */
export function noteText(note: string): Html {
  const line = note.split('\n', 1)[0]!.trim();
  const isShort = note.length <= mostUnfolded && note.split('\n').length <= 6;
  if (isShort) return html`<span class="said">${note}</span>`;
  const letters = Array.from(line);
  const begins = letters.length <= mostUnfolded ? line : letters.slice(0, mostUnfolded - 100).join('');
  return html`<details class="note"><summary>${begins} …</summary><div class="said">${note}</div></details>`;
}

/** Every version and revision of a list, newest first, by how it is called. */
export function listedLabels(versions: readonly ListedVersion[]) {
  return versions.flatMap((one) =>
    (one.revisions ?? [{ ...one, minor: undefined }]).map((said) => ({
      ...said,
      label: versionLabel({ version: one.version, minor: said.minor }),
    })),
  );
}

/** That results of a version do not hold, by each newer version that says so, the newest first; nothing where none does. */
export function warningOfNewer(
  text: Translate,
  { accession, label }: { accession: string; label: string },
  versions: readonly ListedVersion[],
): Html[] {
  const all = listedLabels(versions);
  const newer = all.slice(
    0,
    Math.max(
      0,
      all.findIndex((one) => one.label === label),
    ),
  );
  return newer.flatMap((said) => {
    const { earlierResults: results } = said;
    if (results === undefined || results === 'hold') return [];
    const words = text(`change.warn.${results}`, { number: said.label, kinds: kindsText(text, said) });
    const link = html`<a class="l" href="/studies/${accession}/v/${said.label}/changes?from=${label}">${text('care.changes', { from: label, to: said.label })}</a>`;
    // One child: what stands in such a line is laid out side by side.
    return [html`<p class="st warn"><span>${words} ${link}</span></p>`];
  });
}
