import { baseName, folderOf } from '../../bytes/file-tree.ts';
import type { Renaming } from './naming-rules.ts';

/** Longest name of a file or folder that disks hold, in bytes of UTF-8. */
const longestName = 255;
/** Endings longer than this, in characters, are a part of the name. */
const longestEnding = 32;
/** Control characters, what Windows cannot store or takes for a folder, and marks that turn the reading direction. */
// oxlint-disable-next-line no-control-regex
const refused = /[\u0000-\u001f\u007f-\u009f:\\\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * Plans names for files that no repository would take under the names they have: two that differ only in capitals or in how
 * letters are written, also of folders; characters and names that Windows cannot store; names longer than 255 bytes. All
 * others keep their names. The rules are those of `checkPath` and `checkCollisions` of the repository; a path that is too long
 * as a whole is left as it is.
 * @param paths of files that are to be deposited, relative, with `/`
 * @param existing paths that are there already; they stay, and so does a path that is one of them
 */
export function planForDeposit(paths: readonly string[], existing: Iterable<string> = []): Renaming[] {
  const places = new Places();
  const there = new Set(existing);
  for (const path of there) places.keep(path);
  const wanted = paths.filter((path) => !there.has(path)).sort();
  // Names that may stay come first, so that others give way to them.
  const order = [...wanted.filter(isStorable), ...wanted.filter((path) => !isStorable(path))];
  const plan: Renaming[] = [];
  for (const from of order) {
    const to = places.put(from);
    if (to !== from) plan.push({ from, to });
  }
  return plan.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Folders and files with their new paths, no two of which are the same on any disk. */
class Places {
  /** By the new path as disks compare it: what lies there, by its old path; that of a folder ends in `/`. */
  private readonly taken = new Map<string, string>();
  /** New paths of folders, by their old ones. */
  private readonly folders = new Map<string, string>([['', '']]);
  /** The number tried next where a name is taken. */
  private readonly next = new Map<string, number>();

  /** A file that stays where it is, with its folders. */
  keep(path: string): void {
    this.taken.set(folded(path), path);
    for (let folder = folderOf(path); folder !== '' && !this.folders.has(folder); folder = folderOf(folder)) {
      this.folders.set(folder, folder);
      this.taken.set(folded(folder), `${folder}/`);
    }
  }

  /** The new path of a file. */
  put(path: string): string {
    return this.place(path, path);
  }

  private folder(path: string): string {
    const known = this.folders.get(path);
    if (known !== undefined) return known;
    const made = this.place(path, `${path}/`);
    this.folders.set(path, made);
    return made;
  }

  private place(path: string, owner: string): string {
    const above = this.folder(folderOf(path));
    const below = above === '' ? '' : `${above}/`;
    const name = storableName(baseName(path), above === '');
    const first = folded(below + name);
    let to = below + name;
    while ((this.taken.get(folded(to)) ?? owner) !== owner) {
      const number = this.next.get(first) ?? 2;
      this.next.set(first, number + 1);
      to = below + cutTo(name, `_${number}`);
    }
    this.taken.set(folded(to), owner);
    return to;
  }
}

/** Paths that are the same on a disk that does not tell capitals apart have the same. */
function folded(path: string): string {
  return path.normalize('NFKC').toLowerCase().normalize('NFC');
}

function isStorable(path: string): boolean {
  return path.split('/').every((part, index) => storableName(part, index === 0) === part);
}

/** A name that every disk can hold: as it is, where it is one. */
function storableName(name: string, isFirst: boolean): string {
  const clean = name
    .normalize('NFC')
    .toWellFormed()
    .replace(refused, '_')
    .replace(/[. ]+$/, '');
  if (clean === '') return '_';
  // A path that begins with a tilde leads to somebody's home folder.
  const own = reserved.test(clean) || (isFirst && clean.startsWith('~')) ? `_${clean}` : clean;
  return cutTo(own, '');
}

/** A name with something before its ending, cut there to what disks hold. */
function cutTo(name: string, added: string): string {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= longestEnding ? name.slice(dot) : '';
  const stem = ending === '' ? name : name.slice(0, dot);
  const bytes = new TextEncoder();
  const room = longestName - bytes.encode(added + ending).length;
  if (bytes.encode(stem).length <= room) return stem + added + ending;
  let [kept, used] = ['', 0];
  for (const letter of stem) {
    used += bytes.encode(letter).length;
    if (used > room) break;
    kept += letter;
  }
  return (kept.replace(/[. ]+$/, '') || '_') + added + ending;
}
