import type { Probe, Recognition } from '../recognition/descriptor.ts';
import { firstInflated } from '../recognition/first-inflated.ts';
import { bytesAt, findAscii } from '../recognition/probe.ts';

const inflatedBytes = 4096;

/** u-track: a MATLAB file (version 5, or 7.3 on HDF5) with the variable `tracksFinal`. */
export async function recogniseMatlabTracks(probe: Probe): Promise<Recognition | undefined> {
  const { head } = probe;
  const found: Recognition = { score: 1, reason: 'MATLAB file with the variable tracksFinal' };
  if (bytesAt(head, 0, 'MATLAB 7.3 MAT-file')) {
    if (findAscii(head, 'tracksFinal') >= 0) return found;
    const { openHdf5 } = await import('../containers/hdf5/open-hdf5.ts');
    const named = await openHdf5(probe.source)
      .then((file) => file.root.child('tracksFinal'))
      .catch((error: unknown) => {
        // A damaged file is not of this format; that it is damaged, the reader of HDF5 says.
        if (error instanceof Error && error.name === 'Hdf5Fault') return undefined;
        throw error;
      });
    return named && found;
  }
  if (!bytesAt(head, 0, 'MATLAB 5.0 MAT-file')) return undefined;
  if (findAscii(head, 'tracksFinal') >= 0) return found;
  // Variables are usually packed one by one: element type 15, length, zlib stream; its first bytes hold the name.
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const little = head[126] === 0x49;
  for (let at = 128, seen = 0; at + 8 <= head.length && seen < 50; seen++) {
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (type === 15) {
      const start = await firstInflated(
        head.subarray(at + 8, Math.min(head.length, at + 8 + length)),
        'deflate',
        inflatedBytes,
      );
      if (findAscii(start, 'tracksFinal') >= 0) return found;
    }
    at += 8 + length;
  }
  return undefined;
}

/** A pandas store that trackpy wrote: one table per frame, named `Frame_0`, `Frame_1`... */
export function recognisePandasTracks(probe: Probe): Recognition | undefined {
  if (!bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return undefined;
  return findAscii(probe.head, 'Frame_') >= 0 && findAscii(probe.head, 'pandas_type') >= 0
    ? { score: 0.95, reason: 'pandas store with tables Frame_*' }
    : undefined;
}
