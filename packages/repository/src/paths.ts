import { defineIssues, type Issue } from '@micrarium/model';

/** Issues of the paths files are deposited under. `where.file` is the path as it was sent. */
export const pathIssue = defineIssues({
  'path-empty': {
    severity: 'error',
    meaning: 'A file came without a path, or with an empty folder name in it.',
    hint: 'Give every folder and file a name.',
  },
  'path-too-long': {
    severity: 'error',
    meaning:
      'A path is longer than 1,024 bytes, or one of its names longer than 255 bytes, which many disks cannot hold.',
    hint: 'Shorten the names of folders and files.',
  },
  'path-leaves-study': {
    severity: 'error',
    meaning: 'A path is absolute, begins with a tilde or a drive letter, or goes upwards with "..".',
    hint: 'Deposit files by their path within the folder of the study.',
  },
  'path-forbidden-character': {
    severity: 'error',
    meaning: 'A path holds a control character, a backslash, a colon or a mark that reverses the reading direction.',
    hint: 'Rename the file.',
  },
  'path-not-normalised': {
    severity: 'error',
    meaning: 'A path is spelled with separate accents (not in Unicode NFC), so the same name could occur twice.',
    hint: 'Send the path in Unicode form NFC.',
  },
  'path-reserved-name': {
    severity: 'error',
    meaning:
      'A name is one that Windows reserves (CON, NUL, COM1...), or ends in a dot or a blank: it could not be unpacked there.',
    hint: 'Rename the file.',
  },
  'path-collides': {
    severity: 'error',
    meaning:
      'Two paths differ only in upper and lower case, or one is a folder of the other: on many disks one would overwrite the other.',
    hint: 'Rename one of the two.',
  },
});

/** Longest `foldedPath`, in bytes: an index must hold it. */
export const mostFoldedBytes = 2048;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;
// Marks that make a name read differently from what it is (CVE-2021-42574).
const bidi = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f]/;
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/** Everything wrong with one path (repository-practice 18.4); empty means a file may be deposited under it. */
export function checkPath(path: string): Issue[] {
  const where = { file: path.slice(0, 1024) };
  const parts = path.split('/');
  const issues: Issue[] = [];
  const shown = JSON.stringify(path.slice(0, 200));
  if (path === '' || (parts.includes('') && !path.startsWith('/')))
    issues.push(pathIssue('path-empty', `${shown} has an empty name in it`, { where }));
  // Some characters stand for words, which is what is compared.
  if (bytesOf(path) > 1024 || parts.some((part) => bytesOf(part) > 255) || bytesOf(foldedPath(path)) > mostFoldedBytes)
    issues.push(pathIssue('path-too-long', `${shown}… is too long`, { where }));
  if (/^[/~]/.test(path) || /^[A-Za-z]:/.test(path) || parts.some((part) => part === '..' || part === '.'))
    issues.push(pathIssue('path-leaves-study', `${shown} does not stay within the study`, { where }));
  else if (path.includes(':')) issues.push(pathIssue('path-forbidden-character', `${shown} holds a colon`, { where }));
  if (controls.test(path) || path.includes('\\') || bidi.test(path) || !path.isWellFormed())
    issues.push(pathIssue('path-forbidden-character', `${shown} holds a character that is not allowed`, { where }));
  if (path.normalize('NFC') !== path)
    issues.push(pathIssue('path-not-normalised', `${shown} is not in Unicode form NFC`, { where }));
  if (parts.some((part) => reserved.test(part) || (/[. ]$/.test(part) && part !== '.' && part !== '..')))
    issues.push(pathIssue('path-reserved-name', `${shown} holds a name that Windows cannot store`, { where }));
  return issues;
}

/** A path in the form that two have in common which a disk that does not tell upper from lower case takes for the same. */
export function foldedPath(path: string): string {
  // Name by name: a slash that comes of a character such as U+FF0F separates no folders.
  return path.split('/').map(foldedName).join('/');
}

function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFC').replaceAll('/', '\u0001');
}

/** Places that decide whether a file may lie at a path: its own, and those of all folders above it. In the form of `foldedPath`. */
export function placesOf(path: string): string[] {
  const places: string[] = [];
  const folded = foldedPath(path);
  for (let slash = folded.indexOf('/'); slash > 0; slash = folded.indexOf('/', slash + 1))
    places.push(folded.slice(0, slash));
  return [...places, folded];
}

/**
 * Finds collisions of new paths with each other and with those there already.
 * @param existing paths of the draft; a new path that is exactly one of them replaces that file and collides with nothing
 */
export function checkCollisions(paths: readonly string[], existing: Iterable<string>): Issue[] {
  const taken = new Map<string, string>();
  const folders = new Map<string, string>();
  const note = (path: string) => {
    taken.set(foldedPath(path), path);
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      folders.set(foldedPath(path.slice(0, slash)), path.slice(0, slash));
  };
  for (const path of existing) note(path);
  const issues: Issue[] = [];
  for (const path of paths) {
    const file = taken.get(foldedPath(path));
    const other =
      file === path ? undefined : (file ?? folders.get(foldedPath(path)) ?? collidingFolder(path, taken, folders));
    if (other !== undefined)
      issues.push(
        pathIssue('path-collides', `${JSON.stringify(path)} and ${JSON.stringify(other)} cannot lie side by side`, {
          where: { file: path },
        }),
      );
    else note(path);
  }
  return issues;
}

/** A folder above the path that is a file, or the same folder in other letters. */
function collidingFolder(
  path: string,
  taken: ReadonlyMap<string, string>,
  folders: ReadonlyMap<string, string>,
): string | undefined {
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const above = path.slice(0, slash);
    const file = taken.get(foldedPath(above));
    if (file !== undefined) return file;
    const folder = folders.get(foldedPath(above));
    if (folder !== undefined && folder !== above) return folder;
  }
  return undefined;
}
