import type { Issue } from '@micrarium/model';
import { zipIssue } from './zip-issues.ts';

/** Invisible and direction-changing characters: they make one name look like another. */
const invisible = /[\p{Cc}\p{Cf}]/gu;
const reservedOnWindows = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

/** A name as it may be shown: invisible characters written out, long ones cut. */
export function shownName(name: string): string {
  const shown = name.replace(invisible, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return shown.length > 200 ? `${shown.slice(0, 197)}...` : shown;
}

/** Why a name may not be used at all; `undefined` for a good one. */
function whyUnsafe(name: string): string | undefined {
  if (name.includes('\0')) return 'holds a NUL character';
  if (name.includes('\\')) return 'uses backslashes';
  if (name.startsWith('/')) return 'is absolute';
  if (/^[A-Za-z]:/.test(name)) return 'begins with a drive letter';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.includes('..')) return 'leaves the archive by ".."';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty or "." part';
  return undefined;
}

function oddParts(name: string): boolean {
  return (
    name.search(invisible) >= 0 ||
    name.split('/').some((part) => reservedOnWindows.test(part) || /[. ]$/.test(part) || /[<>:"|?*]/.test(part))
  );
}

/**
 * Checks the names of an archive, files only: unsafe ones, doubles, files that are folders too, names equal after
 * Unicode normalisation or in another case. Every issue names the entry, escaped.
 */
export function checkZipNames(archive: string, names: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  const tell = (code: Parameters<typeof zipIssue>[0], message: string): void => {
    issues.push(zipIssue(code, `${archive}: ${message}`, { where: { file: archive } }));
  };
  const seen = new Map<string, string>();
  const folded = new Map<string, string>();
  for (const name of names) {
    const why = whyUnsafe(name);
    if (why) {
      tell('zip-unsafe-path', `the entry name "${shownName(name)}" ${why}.`);
      continue;
    }
    const normal = name.normalize('NFC');
    const same = seen.get(normal);
    if (same === name) tell('zip-duplicate-name', `"${shownName(name)}" is there twice.`);
    else if (same !== undefined)
      tell('zip-unicode-collision', `two entries are both shown as "${shownName(normal)}" (NFC and NFD spelling).`);
    seen.set(normal, name);
    const lower = normal.toLowerCase();
    const twin = folded.get(lower);
    if (twin !== undefined && twin !== normal)
      tell('zip-case-collision', `"${shownName(twin)}" and "${shownName(normal)}" differ only in case.`);
    folded.set(lower, normal);
    if (oddParts(name)) tell('zip-odd-name', `the entry name "${shownName(name)}" cannot be used on every system.`);
  }
  for (const name of seen.keys())
    for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1))
      if (seen.has(name.slice(0, slash))) {
        tell('zip-duplicate-name', `"${shownName(name.slice(0, slash))}" is both a file and a folder.`);
        break;
      }
  return issues;
}
