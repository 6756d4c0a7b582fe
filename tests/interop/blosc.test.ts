import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bloscDecode } from '../../packages/formats/src/images/ome-zarr/blosc.ts';

const probe = spawnSync('/usr/bin/python3', ['-c', 'import numcodecs, numpy'], { encoding: 'utf8' });
const hasNumcodecs = probe.status === 0;
if (!hasNumcodecs) console.log('blosc.test.ts: no python3 with numcodecs here, its frames are left out');

/** Frames of Python's numcodecs over every codec, shuffle and item size, each with the bytes it was made of. */
const script = `
import base64, json, sys
import numpy as np
from numcodecs import Blosc
frames = []
for cname in ['blosclz', 'lz4', 'snappy', 'zlib', 'zstd']:
    for shuffle in [Blosc.NOSHUFFLE, Blosc.SHUFFLE, Blosc.BITSHUFFLE]:
        for kind in ['u1', 'u2', 'f4', 'f8']:
            for count in [1, 12, 800, 40_003]:
                values = (np.sin(np.arange(count) / 50) * 100 + 100).astype(kind)
                frame = Blosc(cname=cname, clevel=5, shuffle=shuffle, blocksize=0 if count < 1000 else 16384).encode(values)
                frames.append([cname, shuffle, kind, count, base64.b64encode(frame).decode(), base64.b64encode(values.tobytes()).decode()])
json.dump(frames, sys.stdout)
`;

test.runIf(hasNumcodecs)('what Python packs with Blosc, we unpack', async () => {
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const frames = JSON.parse(stdout) as [string, number, string, number, string, string][];
  expect(frames.length).toBe(240);
  for (const [cname, shuffle, kind, count, frame, bytes] of frames) {
    const unpacked = await bloscDecode(new Uint8Array(Buffer.from(frame, 'base64')), 2 ** 20);
    expect(Buffer.from(unpacked).equals(Buffer.from(bytes, 'base64')), `${cname} ${shuffle} ${kind} ${count}`).toBe(
      true,
    );
  }
});
