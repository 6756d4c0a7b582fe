import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCollisions, checkPath } from './paths.ts';

const codes = (path: string) => checkPath(path).map((one) => one.code);

describe('a path of a deposited file', () => {
  it.each([
    'film.tif',
    'a/b/c.csv',
    '培養/核の動き.tif',
    'é.txt',
    'con-focal.tif',
    'a b/c (1).tif',
    '.zattrs',
    'x.zarr/0/.zarray',
  ])('may be %s', (path) => expect(codes(path)).toEqual([]));
  it.each([
    ['', 'path-empty'],
    ['a//b', 'path-empty'],
    ['a/', 'path-empty'],
    ['/etc/passwd', 'path-leaves-study'],
    ['~/x', 'path-leaves-study'],
    ['C:/x', 'path-leaves-study'],
    ['a/../../x', 'path-leaves-study'],
    ['./x', 'path-leaves-study'],
    ['a\\b', 'path-forbidden-character'],
    ['a\0b', 'path-forbidden-character'],
    ['a\nb', 'path-forbidden-character'],
    ['ab:c', 'path-forbidden-character'],
    ['photo\u202Egpj.exe', 'path-forbidden-character'],
    ['a\ud800b', 'path-forbidden-character'],
    ['e\u0301.txt', 'path-not-normalised'],
    ['NUL', 'path-reserved-name'],
    ['a/com1.txt', 'path-reserved-name'],
    ['a./b', 'path-reserved-name'],
    ['b ', 'path-reserved-name'],
    ['x'.repeat(256), 'path-too-long'],
    ['é'.repeat(128), 'path-too-long'],
    [Array(12).fill('x'.repeat(100)).join('/'), 'path-too-long'],
  ])('may not be %j', (path, code) => expect(codes(path)).toContain(code));

  it('never leaves the folder it is joined to, whatever is accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (path) => {
        if (checkPath(path).length > 0) return;
        const url = new URL(path.split('/').map(encodeURIComponent).join('/'), 'file:///root/study/');
        expect(url.pathname.startsWith('/root/study/')).toBe(true);
      }),
    );
  });
});

describe('collisions', () => {
  const collide = (paths: string[], existing: string[] = []) =>
    checkCollisions(paths, existing).map((one) => one.where.file);
  it('are names in other letters, also in folders, and folders that are files', () => {
    expect(collide(['a/Film.tif', 'a/film.TIF'])).toEqual(['a/film.TIF']);
    expect(collide(['A/y'], ['a/x'])).toEqual(['A/y']);
    expect(collide(['a'], ['a/x'])).toEqual(['a']);
    expect(collide(['a/x'], ['a'])).toEqual(['a/x']);
    expect(collide(['ﬁlm.tif'], ['film.tif'])).toEqual(['ﬁlm.tif']);
  });
  it('are not the same path sent again, nor neighbours', () => {
    expect(collide(['a/x', 'a/y', 'ab', 'a.b'], ['a/x'])).toEqual([]);
  });
});
