import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { run as micrarium } from '../../packages/cli/src/run.ts';

const samples = fileURLToPath(new URL('../../../shared/data/bd5/', import.meta.url));
const python = '/usr/bin/python3';
const present = existsSync(samples) && spawnSync(python, ['-c', 'import h5py']).status === 0;
if (!present) console.warn(`skipped: no samples of BD5 at ${samples}, or ${python} has no h5py`);

const folder = mkdtempSync(join(tmpdir(), 'micrarium-layout-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line and answers its line of JSON. */
async function command(...args: string[]): Promise<{ code: number; answer: Record<string, never> & Answer }> {
  const { PassThrough } = await import('node:stream');
  const [out, err] = [new PassThrough(), new PassThrough()];
  err.resume();
  let text = '';
  out.on('data', (part: Buffer) => (text += part.toString()));
  const code = await micrarium([...args, '--json'], { out, err, environment: {} });
  return { code, answer: JSON.parse(text) as Record<string, never> & Answer };
}

interface Answer {
  issues: { code: string; severity: string; message: string }[];
  loss: { code: string; severity: string; message: string }[];
  fixed: { valid: boolean; changes: { message: string }[]; issues: { code: string; severity: string }[] };
}

/** Compares every table of two files; answers what differs, and the rows of all. */
function compare(a: string, b: string, more = ''): unknown {
  const script = `
import h5py, json, sys
a, b = h5py.File(sys.argv[1], 'r'), h5py.File(sys.argv[2], 'r')
differences, rows, tables = [], 0, 0
names = []
a.visititems(lambda name, node: names.append(name) if isinstance(node, h5py.Dataset) else None)
others = []
b.visititems(lambda name, node: others.append(name) if isinstance(node, h5py.Dataset) else None)
if sorted(names) != sorted(others): differences.append(['names', sorted(set(names) ^ set(others))[:5]])
for name in names:
    x, y = a[name], b[name]
    tables += 1
    rows += len(x)
    fields = lambda d: [(n, str(d.dtype.fields[n][0]), d.dtype.fields[n][1]) for n in d.dtype.names]
    pads = lambda d: [d.id.get_type().get_member_type(i).get_strpad() for i in range(len(d.dtype.names)) if d.dtype[i].kind == 'S']
    if fields(x) != fields(y) or x.dtype.itemsize != y.dtype.itemsize: differences.append([name, 'type', fields(x), fields(y)])
    elif pads(x) != pads(y): differences.append([name, 'padding'])
    elif x.shape != y.shape: differences.append([name, 'shape'])
    elif any((x[n] != y[n]).any() for n in x.dtype.names): differences.append([name, 'values', [n for n in x.dtype.names if (x[n] != y[n]).any()]])
${more}
print(json.dumps({'differences': differences[:5], 'tables': tables, 'rows': rows}))`;
  const done = spawnSync(python, ['-c', script, a, b], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

const published = `${samples}081505_L1_bd5.h5`;

describe.skipIf(!present)('BD5 as h5py sees it', () => {
  it('the published file in the published layout is the published file: offsets, padding, values', async () => {
    const out = join(folder, 'published.h5');
    const { code, answer } = await command('convert', published, out, '--layout', 'published');
    expect({ code, loss: answer.loss }).toEqual({ code: 0, loss: [] });
    expect(compare(published, out)).toEqual({ differences: [], tables: 394, rows: 23_980 * 2 + 23_975 + 3 });
  });

  it('a file read keeps its own types of numbers, in the order of the format and without gaps', async () => {
    const out = join(folder, 'full.h5');
    const { code, answer } = await command('convert', published, out);
    expect({ code, loss: answer.loss }).toEqual({ code: 0, loss: [] });
    const script = `
import h5py, json, sys
d = h5py.File(sys.argv[1], 'r')['data']
show = lambda t: [[n, str(t.dtype.fields[n][0]), t.dtype.fields[n][1]] for n in t.dtype.names]
print(json.dumps([show(d[n]) for n in ('0/object/0', '0/feature/0', 'scaleUnit')]))`;
    const seen = spawnSync(python, ['-c', script, out], { encoding: 'utf8' });
    expect(JSON.parse(seen.stdout)).toEqual([
      [
        ['ID', '|S6', 0],
        ['t', 'float32', 6],
        ['entity', '|S8', 10],
        ['x', 'float32', 18],
        ['y', 'float32', 22],
        ['z', 'float32', 26],
        ['radius', 'float32', 30],
        ['label', '|S10', 34],
      ],
      [
        ['ID', '|S6', 0],
        ['fID', 'int32', 6],
        ['value', 'float32', 10],
      ],
      [
        ['dimension', '|S4', 0],
        ['xScale', 'float64', 4],
        ['yScale', 'float64', 12],
        ['zScale', 'float64', 20],
        ['sUnit', '|S10', 28],
        ['tScale', 'float64', 38],
        ['tUnit', '|S6', 46],
      ],
    ]);
  });

  it('BDML becomes the rows of the published file, and the rounding of --layout published is a loss', async () => {
    const bdml = `${samples}081505_L1.derived.bdml0.18.xml.gz`;
    const exact = join(folder, 'exact.h5');
    expect((await command('convert', bdml, exact, '--accept-loss')).code).toBe(0);
    const script = `
import h5py, json, numpy, sys
a, b = h5py.File(sys.argv[1], 'r')['data'], h5py.File(sys.argv[2], 'r')['data']
groups = [str(i) for i in range(195)]
worst, texts = 0.0, True
for g in groups:
    for room, names, words in (('object', 'txyz', ('ID', 'entity', 'label')), ('feature', (), ('ID', 'fID'))):
        x, y = a[g][room]['0'], b[g][room]['0']
        texts = texts and all((x[n] == y[n]).all() for n in words)
        for n in list(names) + (['radius'] if room == 'object' else ['value']):
            worst = max(worst, float(numpy.max(numpy.abs(x[n].astype('f4') - y[n]) / numpy.maximum(1, numpy.abs(y[n])))))
links = (a['trackInfo']['from'] == b['trackInfo']['from']).all() and (a['trackInfo']['to'] == b['trackInfo']['to']).all()
print(json.dumps([texts, bool(links), worst < 2e-7, sorted(a, key=str) == sorted(b, key=str), str(a['0/object/0'].dtype['x'])]))`;
    const seen = spawnSync(python, ['-c', script, exact, published], { encoding: 'utf8' });
    if (seen.status !== 0) throw new Error(seen.stderr);
    expect(JSON.parse(seen.stdout)).toEqual([true, true, true, true, 'float64']);

    const mini = `${samples}mini-bdml/multi_obj.bdml0.18.xml`;
    const rounded = await command('convert', mini, join(folder, 'mini.h5'), '--layout', 'published', '--accept-loss');
    expect(rounded.code).toBe(0);
    const scaled = join(folder, 'third.xml');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(scaled, readFileSync(mini, 'utf8').replace('<x>1</x>', '<x>0.333333333333</x>'));
    const loss = await command('convert', scaled, join(folder, 'third.h5'), '--layout', 'published');
    expect(loss.code).toBe(3);
    expect(loss.answer.loss.map(({ message }) => message).join()).toMatch(/rounded to single precision.*1 of x/);
  });

  it.each(['testbd5_data_01', 'testbd5_object1', 'testbd5_scaleUnit1'])(
    '%s is found damaged, mended, opens in h5py and is in order then',
    async (name) => {
      const out = join(folder, `${name}.h5`);
      const { code, answer } = await command('validate', `${samples}${name}.h5`, '--fix', out);
      expect(code).toBe(0);
      expect(answer.issues.some(({ severity }) => severity === 'error')).toBe(true);
      expect(answer.fixed).toMatchObject({ valid: true, issues: [] });
      expect(answer.fixed.changes.length).toBeGreaterThan(1);
      const script = `
import h5py, json, sys
d = h5py.File(sys.argv[1], 'r')['data']
print(json.dumps([sum(len(d[str(i)]['object/0']) for i in range(100)), d['scaleUnit'][0][0].decode(), d['0/object/0'].dtype.names[0]]))`;
      const seen = spawnSync(python, ['-c', script, out], { encoding: 'utf8' });
      expect(JSON.parse(seen.stdout)).toEqual([2054, '3D+T', 'ID']);
    },
  );
});
