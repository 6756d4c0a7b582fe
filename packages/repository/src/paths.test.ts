import { planForDeposit } from '@micrarium/formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCollisions, checkPath, foldedPath, placesOf } from './paths.ts';

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
    ['\uFDFA'.repeat(80), 'path-too-long'],
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
  it('are found by what lies around a path alone', () => {
    const existing = ['A/x', 'A/b/y', 'notes', 'other/z'];
    const around = (path: string) => {
      const places = placesOf(path);
      return existing.filter((one) =>
        places.some((place) => foldedPath(one) === place || foldedPath(one).startsWith(`${place}/`)),
      );
    };
    for (const path of ['a/new', 'A/new', 'a', 'notes/x', 'A/B', 'OTHER', 'other/Z', 'new/A/x', 'A/b/y'])
      expect(collide([path], around(path))).toEqual(collide([path], existing));
    expect(placesOf('A/B/c')).toEqual(['a', 'a/b', 'a/b/c']);
  });
  it('are no names whose characters stand for a slash', () => {
    expect(collide(['a\uFF0Fb/x', 'a'])).toEqual([]);
    expect(foldedPath('\uFF0F/b').split('/')).toHaveLength(2);
  });
  it('are not the same path sent again, nor neighbours', () => {
    expect(collide(['a/x', 'a/y', 'ab', 'a.b'], ['a/x'])).toEqual([]);
  });
});

describe('a plan of names', () => {
  const plan = (paths: string[], existing: string[] = []) =>
    Object.fromEntries(planForDeposit(paths, existing).map(({ from, to }) => [from, to]));
  it('gives way where a name is taken in other letters, folders too, and leaves all others', () => {
    expect(plan(['b.tif', 'a/Film.tif', 'a/film.TIF'])).toEqual({ 'a/film.TIF': 'a/film_2.TIF' });
    expect(plan(['A/x.tif', 'A/y.tif', 'a/z.tif'], ['a/x.tif'])).toEqual({
      'A/x.tif': 'A_2/x.tif',
      'A/y.tif': 'A_2/y.tif',
    });
    expect(plan(['a', 'a/x'])).toEqual({ 'a/x': 'a_2/x' });
    expect(plan(['a/x'], ['a/x'])).toEqual({});
  });
  it('takes out what no disk can hold', () => {
    expect(plan(['12:30.tif', 'aux.txt', '~x/y', 'end. ', 'x.tif'])).toEqual({
      '12:30.tif': '12_30.tif',
      'aux.txt': '_aux.txt',
      '~x/y': '_~x/y',
      'end. ': 'end',
    });
    expect(plan([`${'é'.repeat(200)}.tif`])).toEqual({ [`${'é'.repeat(200)}.tif`]: `${'é'.repeat(125)}.tif` });
  });
  it('is taken by the repository, whatever the names are', () => {
    const letter = fc.constantFrom(
      'a',
      'A',
      'b',
      'ﬁ',
      'fi',
      'é',
      'e\u0301',
      ':',
      '.',
      ' ',
      '~',
      '_2',
      'con',
      '\u202e',
      'x'.repeat(130),
    );
    const name = fc.array(letter, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const paths = fc.uniqueArray(path, { maxLength: 12 });
    fc.assert(
      fc.property(paths, paths, (sent, there) => {
        const existing = there.filter((one) => checkPath(one).length === 0).slice(0, 1);
        const renamed = plan(sent, existing);
        const made = sent.map((one) => renamed[one] ?? one);
        expect(made.flatMap((one) => (existing.includes(one) ? [] : checkPath(one)))).toEqual([]);
        expect(checkCollisions(made, existing)).toEqual([]);
        expect(new Set(made).size).toBe(made.length);
      }),
    );
  });
});
