import type { ByteSource } from '../../bytes/byte-source.ts';
import { MatError } from './mat-five.ts';

/** A full matrix of a MATLAB file of version 4: where its numbers lie, column by column. */
export interface MatFourMatrix {
  name: string;
  rows: number;
  columns: number;
  /** Columns `first` to `first + count - 1`, one behind the other. */
  read(first: number, count: number, signal?: AbortSignal): Promise<Float64Array>;
}

const headerBytes = 20;
/** Bytes of a value and how it is read, by the third digit of the type ("MAT-File Format", Level 4, The MathWorks). */
const kinds: readonly { bytes: number; get(view: DataView, at: number): number }[] = [
  { bytes: 8, get: (view, at) => view.getFloat64(at, true) },
  { bytes: 4, get: (view, at) => view.getFloat32(at, true) },
  { bytes: 4, get: (view, at) => view.getInt32(at, true) },
  { bytes: 2, get: (view, at) => view.getInt16(at, true) },
  { bytes: 2, get: (view, at) => view.getUint16(at, true) },
  { bytes: 1, get: (view, at) => view.getUint8(at) },
];

/**
 * Opens the first matrix of a file of version 4: little-endian, full, real, which is what programs in C++ write.
 * @throws MatError where it is none, or the file is shorter than the matrix
 */
export async function openMatFour(source: ByteSource, signal?: AbortSignal): Promise<MatFourMatrix> {
  const head = await source.read(0, headerBytes, signal);
  if (head.length < headerBytes) throw new MatError('no MATLAB file of version 4');
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const [type, rows, columns, imaginary, nameBytes] = [0, 4, 8, 12, 16].map((at) => view.getInt32(at, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const kind = kinds[Math.floor(type / 10) % 10];
  if (type < 0 || type > 51 || type % 10 !== 0 || !kind || rows < 0 || columns < 0 || nameBytes < 1 || nameBytes > 4096)
    throw new MatError('no full matrix of MATLAB version 4, little-endian');
  if (imaginary !== 0) throw new MatError('the matrix has imaginary parts');
  const start = headerBytes + nameBytes;
  if (start + rows * columns * kind.bytes > source.size)
    throw new MatError(`the file is shorter than its matrix of ${rows} × ${columns}`);
  const name = new TextDecoder('latin1').decode(await source.read(headerBytes, nameBytes - 1, signal));
  return {
    name,
    rows,
    columns,
    async read(first, count, askedSignal) {
      const taken = Math.max(0, Math.min(count, columns - first));
      const bytes = await source.read(start + first * rows * kind.bytes, taken * rows * kind.bytes, askedSignal);
      const values = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return Float64Array.from({ length: Math.floor(bytes.length / kind.bytes) }, (_, n) =>
        kind.get(values, n * kind.bytes),
      );
    },
  };
}
