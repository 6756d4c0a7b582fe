import { describe, expect, it } from 'vitest';
import {
  FileChanged,
  isClutter,
  isSameFile,
  mustBeReadable,
  studyPath,
  takenFile,
  walkChosen,
  walkEntries,
} from './taken-files.ts';

function fileEntry(fullPath: string): FileSystemEntry {
  const file = new File(['x'], fullPath.slice(fullPath.lastIndexOf('/') + 1));
  return { isFile: true, isDirectory: false, fullPath, file: (take: (file: File) => void) => take(file) } as never;
}

/** A folder that gives its entries 100 at a time, as browsers do. */
function folderEntry(fullPath: string, children: FileSystemEntry[]): FileSystemEntry {
  return {
    isFile: false,
    isDirectory: true,
    fullPath,
    createReader: () => {
      let at = 0;
      return { readEntries: (take: (batch: FileSystemEntry[]) => void) => take(children.slice(at, (at += 100))) };
    },
  } as never;
}

describe('taking files', () => {
  it('walks folders in folders to the last file', async () => {
    const films = Array.from({ length: 250 }, (_, index) => fileEntry(`/run/films/${index}.tif`));
    const tree = folderEntry('/run', [fileEntry('/run/notes.txt'), folderEntry('/run/films', films)]);
    const found: string[] = [];
    for await (const batch of walkEntries([tree, fileEntry('/loose.csv')]))
      found.push(...batch.map(({ path }) => path));
    expect(found.length).toBe(252);
    expect(found).toContain('run/films/249.tif');
    expect(found).toContain('loose.csv');
  });

  it('takes chosen files in lots, to the last one', async () => {
    const files = Array.from({ length: 5000 }, (_, index) => new File(['x'], `f${index}.txt`));
    const found: string[] = [];
    for await (const lot of walkChosen(files)) found.push(...lot.map(({ path }) => path));
    expect(found).toEqual(files.map(({ name }) => name));
  });

  it('spells paths as studies do, and knows clutter', () => {
    expect(studyPath('/a/../b\\./か\u3099.tif')).toBe('a/b/が.tif');
    expect(['a/.DS_Store', 'Thumbs.db', 'x/._film.tif'].every(isClutter)).toBe(true);
    expect(['a/film._x.tif', 'thumbs.dbx'].some(isClutter)).toBe(false);
  });

  it('keeps the name of a dropped file and opens it anew, unless it has changed', async () => {
    let content = 'abc';
    let made = 0;
    const entry = {
      ...fileEntry('/run/a.csv'),
      getMetadata: (take: (metadata: { size: number; modificationTime: Date }) => void) =>
        take({ size: 3, modificationTime: new Date(1000) }),
      file: (take: (file: File) => void) => {
        made++;
        take(new File([content], 'a.csv', { lastModified: 1000 }));
      },
    };
    const [taken] = (await walkEntries([entry as never]).next()).value!;
    expect([taken!.path, taken!.size, taken!.modifiedAt, made]).toEqual(['run/a.csv', 3, 1000, 0]);
    expect(await (await taken!.open()).text()).toBe('abc');
    content = 'abcd';
    await expect(taken!.open()).rejects.toThrow(FileChanged);
  });

  it('tells a file that cannot be read any more, as browsers say it, and the same file taken twice', async () => {
    const file = new File(['abc'], 'a.csv', { lastModified: 1000 });
    const taken = takenFile(file);
    await mustBeReadable(taken);
    expect(isSameFile(taken, takenFile(new File(['abd'], 'a.csv', { lastModified: 1000 })))).toBe(true);
    expect(isSameFile(taken, takenFile(new File(['abd'], 'a.csv', { lastModified: 2000 })))).toBe(false);
    for (const [name, isGone] of [
      ['NotReadableError', false],
      ['NotFoundError', true],
    ] as const) {
      Object.assign(file, {
        slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('no', name)) }),
      });
      await expect(mustBeReadable(taken)).rejects.toMatchObject({ name: 'FileChanged', isGone });
    }
  });
});
