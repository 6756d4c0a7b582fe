import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyTree, guessLevels, readFolders, readTemplate, templateText } from './folder-levels.ts';
import {
  type NamePattern,
  guessPattern,
  nameReader,
  parsePattern,
  readPattern,
  readSeries,
  writeName,
} from './name-pattern.ts';
import { checkNames, missingMembers, planRenaming, renamingCsv, renamingScript, usualRules } from './naming-rules.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const pattern = (text: string): NamePattern => parsePattern(text) as NamePattern;

/** All names of a small plate. */
function plate(name: (well: string, field: number, t: number, c: number) => string): string[] {
  return ['A01', 'B12'].flatMap((well) =>
    [1, 2].flatMap((f) => [0, 1, 2].flatMap((t) => [0, 1].map((c) => name(well, f, t, c)))),
  );
}

describe('patterns of names', () => {
  test.each([
    [plate((w, f, t, c) => `d/${w}_${f}_t${pad(t, 3)}_c${c}.tif`), '{well}_{field}_t{t}_c{c}.tif'],
    [
      plate((w, f, t, c) => `screen_${w}_f${f}_T${pad(t, 2)}_${c ? 'GFP' : 'DAPI'}.tif`),
      'screen_{well}_f{field}_T{t}_{c}.tif',
    ],
    [['img_001.tif', 'img_002.tif', 'img_003.tif'], 'img_{t}.tif'],
    [['e3_z1.tif', 'e3_z2.tif', 'readme.txt'], 'e3_z{z}.tif'],
    [['a-s1-w1.png', 'a-s1-w2.png', 'a-s2-w1.png'], 'a-s{field}-w{c}.png'],
    [
      ['r01c02f03p04-ch1sk1fk1fl1.tiff', 'r01c02f03p05-ch2sk1fk1fl1.tiff'],
      'r{row}c{column}f{field}p{z}-ch{c}sk{t}fk1fl1.tiff',
    ],
  ])('guessed for %j', (paths, wanted) => {
    expect(guessPattern(paths)).toBe(wanted);
  });

  test('none is guessed where no two names are alike', () => {
    expect(guessPattern(['a.tif'])).toBeUndefined();
    expect(guessPattern(['cells.tif', 'notes of monday.txt'])).toBeUndefined();
  });

  test('what a pattern reads, what it does not fit, and what is missing', () => {
    const all = plate((w, f, t, c) => `d/${w}_${f}_t${pad(t, 3)}_c${c}.tif`);
    const gone = 'd/B12_2_t001_c0.tif';
    const series = readSeries(pattern('{well}_{field}_t{t}_c{c}.tif'), [
      ...all.filter((path) => path !== gone),
      'd/notes.txt',
    ]);
    expect(series.unread).toEqual(['d/notes.txt']);
    expect(series.axes).toEqual({ well: ['A01', 'B12'], field: ['1', '2'], t: ['000', '001', '002'], c: ['0', '1'] });
    expect(series.missing).toEqual([gone]);
    expect(series.read[0]).toEqual({
      path: 'd/A01_1_t000_c0.tif',
      values: { well: 'A01', field: '1', t: '000', c: '0' },
    });
    expect(missingMembers(series)).toMatchObject([{ code: 'series-member-missing', where: { file: gone } }]);
  });

  test.each([
    ['{what}.tif', /not known/],
    ['{t}_{t}.tif', /twice/],
    ['img.tif', /no part/],
    ['{t.tif', /not closed/],
    ['d/{t}.tif', /without folders/],
    ['{c}{condition}.tif', /nothing parts/],
  ])('%s is refused', (text, why) => {
    expect(parsePattern(text)).toMatch(why);
    expect(readPattern(text)).toHaveProperty('kind');
  });

  test('what is written by a pattern is read by it', () => {
    const text = 'x_{well}_f{field}_t{t}_z{z}_{c}.ome.tif';
    fc.assert(
      fc.property(
        fc.constantFrom('A01', 'P24', 'C3'),
        fc.nat(999),
        fc.nat(99_999),
        fc.nat(50),
        fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/),
        (well, f, t, z, c) => {
          const values = { well, field: String(f), t: pad(t, 4), z: String(z), c };
          expect(nameReader(pattern(text))(writeName(pattern(text), values))).toEqual(values);
        },
      ),
    );
  });

  test('names of any kind are read in no time', () => {
    const read = nameReader(pattern('{condition}_{plate}_{c}_{replicate}_{any}.tif'));
    const started = performance.now();
    for (let n = 0; n < 200; n++) read('_a'.repeat(120));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('rules for names', () => {
  test('each rule says what was found', () => {
    const paths = [
      'ok/a.tif',
      'my file.tif',
      'a:b?.tif',
      'A.tif',
      'a.tif',
      `${'x'.repeat(300)}.tif`,
      'con.txt',
      'dot.',
      'café.tif',
      'cafe\u0301.tif',
    ];
    const found = checkNames(paths).map(({ code, where }) => `${code} ${where.file!.slice(0, 12)}`);
    expect(found).toEqual([
      'name-spaces my file.tif',
      'name-illegal-characters a:b?.tif',
      'name-case-clash a.tif',
      'name-too-long xxxxxxxxxxxx',
      'name-illegal-characters con.txt',
      'name-illegal-characters dot.',
      'name-case-clash cafe\u0301.tif',
    ]);
    expect(checkNames(['my file.tif'], { ...usualRules, spaces: true })).toEqual([]);
    const inFolder = checkNames(['a b/c/x.tif', 'a b/c/y.tif', 'a b/z z.tif']);
    expect(inFolder.map(({ where }) => where.file)).toEqual(['a b', 'a b/z z.tif']);
  });

  test('any names become names that keep the rules, each its own, and those that keep them stay', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc
            .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
            .filter((text) => !text.includes('/') && !/^\.+$/.test(text)),
          { maxLength: 20 },
        ),
        (names) => {
          const plan = new Map(planRenaming(names).map(({ from, to }) => [from, to]));
          const renamed = names.map((name) => plan.get(name) ?? name);
          expect(checkNames(renamed)).toEqual([]);
          expect(new Set(renamed).size).toBe(names.length);
          if (checkNames(names).length === 0)
            expect(
              [...plan].filter(([from, to]) => from !== to.normalize('NFC') && from.normalize('NFC') !== to),
            ).toEqual([]);
        },
      ),
    );
  });

  test('a letter that becomes one that is not allowed when a system composes it is not allowed', () => {
    expect(checkNames(['\u1fef0']).map(({ code }) => code)).toEqual(['name-illegal-characters']);
    expect(planRenaming(['\u1fef0'])).toEqual([{ from: '\u1fef0', to: '_0' }]);
  });

  test('the plan is a table, or a script that copies', () => {
    const plan = planRenaming(["it's a, b.tif", 'fine.tif']);
    expect(plan).toEqual([{ from: "it's a, b.tif", to: 'it_s_a,_b.tif' }]);
    expect(renamingCsv(plan)).toBe('from,to\r\n"it\'s a, b.tif","it_s_a,_b.tif"\r\n');
    const script = renamingScript(plan);
    expect(script).toContain(String.raw`cp -n -- './it'\''s a, b.tif' 'renamed/it_s_a,_b.tif'`);
    expect(script).not.toMatch(/\b(mv|rm)\b/);
  });
});

describe('levels of folders', () => {
  const paths = ['s/control/rep1/A01/a.tif', 's/control/rep2/B02/a.tif', 's/drug/rep1/A01/a.tif'];

  test('are guessed and read', () => {
    expect(guessLevels(paths)).toEqual(['study', 'condition', 'replicate', 'well']);
    expect(guessLevels(['2024-01-02/x/a.tif', '2024-01-03/y/a.tif'])).toEqual(['data set', 'condition']);
    expect(guessLevels(['a.tif'])).toEqual([]);
    expect(readFolders(['study', 'condition', 'ignored', 'well'], paths)[1]!.values).toEqual({
      study: 's',
      condition: 'control',
      well: 'B02',
    });
  });

  test('a template is saved and read again; damaged ones are refused with the reason', () => {
    const template = {
      schema: 'micrarium-naming-1',
      name: 'our lab',
      levels: guessLevels(paths),
      pattern: '{well}_{t}.tif',
      rules: usualRules,
    } as const;
    expect(readTemplate(templateText(template))).toEqual(template);
    expect(readTemplate('{')).toMatch(/JSON/);
    expect(readTemplate('{"schema":"x"}')).toMatch(/template/);
    expect(readTemplate(templateText({ ...template, pattern: '{nothing}' }))).toMatch(/pattern/);
    expect(readTemplate(JSON.stringify({ ...template, levels: ['shelf'] }))).toMatch(/levels/);
    const tree = emptyTree(template, 'project');
    expect(tree.map(({ path }) => path)).toEqual(['project/README.md', 'project/control/replicate-1/A01/.keep']);
    expect(tree[0]!.text).toContain('{well}_{t}.tif');
  });
});
