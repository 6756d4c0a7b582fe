import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTracks } from '@micrarium/model';
import { findItems, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const python = '/usr/bin/python3';
const has = (module: string): boolean => {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const withScipy = has('scipy.io');
const withHdf5 = has('h5py');
if (!withScipy) console.warn('tests/interop/utrack: Python with scipy is absent, version 5 is not tested');
if (!withHdf5) console.warn('tests/interop/utrack: Python with h5py is absent, version 7.3 is not tested');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'utrack-interop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One track that splits at frame 3 and merges at 6 with a gap at 5, and many without events; numbers from a seed. */
const tracks = `
import numpy as np
rng = np.random.default_rng(7)
nan = np.nan
def track(first, segments, events):
    frames = max(len(s) for s in segments)
    feat = np.zeros((len(segments), frames)); coord = np.full((len(segments), 8 * frames), nan)
    for i, s in enumerate(segments):
        for f, index in enumerate(s):
            if index:
                feat[i, f] = index
                coord[i, 8*f:8*f+8] = [first + f + 0.5, 10.0 * i, 3.0, 100, .1, .2, .3, 5]
    return feat, coord, np.array(events, dtype=float)
made = [track(2, [[1,1,1,0,1,1], [0,2,2,2,0,0]], [[2,1,1,nan],[3,1,2,1],[6,2,2,1],[7,2,1,nan]])]
for n in range(40):
    length = int(rng.integers(2, 30))
    made.append(track(1, [list(range(n + 10, n + 10 + length))], [[1,1,1,nan],[length,2,1,nan]]))
simple = sum(t[0].shape[1] for t in made[1:])
`;

async function read(name: string) {
  const tree = await openFolder(folder);
  const [item] = await findItems({ name: '', entries: tree.entries.filter(({ path }) => path === name) });
  const reader = await item!.descriptor!.tracks!.reader();
  const { sets, issues } = await readTrackSets(reader, item!);
  return { format: item!.format, sets, issues };
}

async function check(name: string, simple: number): Promise<void> {
  const { format, sets, issues } = await read(name);
  expect(format).toBe('utrack');
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  const counts = countTracks(sets[0]!.objects, sets[0]!.edges);
  expect(counts).toMatchObject({
    objects: 8 + simple,
    edges: 6 + 2 + simple - 40,
    tracks: 41,
    splits: 1,
    merges: 1,
    gaps: 1,
  });
  expect(sets[0]!.objects.z![0]).toBe(3);
  expect([...sets[0]!.objects.x.subarray(0, 5)]).toEqual([2.5, 3.5, 4.5, 6.5, 7.5]);
}

describe.runIf(withScipy)('MATLAB 5 as scipy writes it', () => {
  test.each(['True', 'False'])('packed: %s', async (packed) => {
    const simple = execFileSync(
      python,
      [
        '-c',
        `${tracks}
import scipy.io
dtype = [('tracksFeatIndxCG', object), ('tracksCoordAmpCG', object), ('seqOfEvents', object)]
final = np.empty((len(made), 1), dtype=dtype)
for i, t in enumerate(made): final[i, 0] = t
scipy.io.savemat('a${packed}.mat', {'other': np.eye(3), 'tracksFinal': final, 'words': 'text'}, do_compression=${packed})
print(simple)`,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    await check(`a${packed}.mat`, Number(simple));
  });
});

describe.runIf(withHdf5)('MATLAB 7.3 as h5py writes its layout', () => {
  test('fields are arrays of references, values lie the other way round', async () => {
    const simple = execFileSync(
      python,
      [
        '-c',
        `${tracks}
import h5py
with h5py.File('b.mat', 'w', userblock_size=512) as f:
    refs = f.create_group('#refs#')
    group = f.create_group('tracksFinal')
    group.attrs['MATLAB_class'] = np.bytes_('struct')
    for k, name in enumerate(['tracksFeatIndxCG', 'tracksCoordAmpCG', 'seqOfEvents']):
        d = group.create_dataset(name, (1, len(made)), dtype=h5py.ref_dtype)
        for i, t in enumerate(made):
            r = refs.create_dataset(f'{name}{i}', data=t[k].T, compression='gzip' if t[k].size > 50 else None, chunks=True if t[k].size > 50 else None)
            r.attrs['MATLAB_class'] = np.bytes_('double')
            d[0, i] = r.ref
with open('b.mat', 'r+b') as f:
    f.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema 1.00 .'.ljust(116) + bytes(8) + b'\\x00\\x02IM')
print(simple)`,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    await check('b.mat', Number(simple));
  });
});
