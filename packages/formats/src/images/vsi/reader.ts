import type { FileEntry } from '../../bytes/file-tree.ts';
import { converterFinding } from '../converter/known-by-name.ts';
import type { ImageReader } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { reopeningSource } from '../tiff/ome-set.ts';

const pixelTypes: Readonly<Record<number, string>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'int64',
  8: 'uint64',
  9: 'float32',
  10: 'float64',
};
const compressions: Readonly<Record<number, string>> = {
  0: 'none',
  2: 'JPEG',
  3: 'JPEG 2000',
  5: 'lossless JPEG',
  8: 'PNG',
  9: 'BMP',
};

/** What the header of an ETS file says of its tiles; `undefined` where it is none. Not seen on a real file. */
async function etsHeader(entry: FileEntry): Promise<string | undefined> {
  const source = reopeningSource(entry);
  const head = await source.read(0, 64);
  if (head.length < 64 || String.fromCharCode(...head.subarray(0, 3)) !== 'SIS') return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const further = Number(view.getBigUint64(16, true));
  if (!(further >= 32 && further + 36 <= source.size)) return undefined;
  const more = await source.read(further, 36);
  if (more.length < 36 || String.fromCharCode(...more.subarray(0, 3)) !== 'ETS') return undefined;
  const values = new DataView(more.buffer, more.byteOffset, more.byteLength);
  const number = (index: number): number => values.getInt32(4 * index, true);
  const type = pixelTypes[number(2)] ?? `type ${number(2)}`;
  const packed = compressions[number(5)] ?? `number ${number(5)}`;
  const dimensions = view.getInt32(12, true);
  return `${entry.path}: ${view.getInt32(40, true)} tiles of ${number(7)} x ${number(8)} pixels, ${type}, samples: ${number(3)}, compression: ${packed}, dimensions: ${dimensions}`;
}

/** Names what an Olympus VSI consists of; its pixels are left to a converter. */
export const vsiReader: ImageReader = {
  async open(item) {
    const stacks = item.files.filter(({ path }) => /\.ets$/i.test(path));
    const lines: string[] = [];
    for (const stack of stacks.slice(0, 1000)) {
      const line = await etsHeader(stack);
      if (line !== undefined) lines.push(line);
    }
    const told = ` with ${stacks.length} ${stacks.length === 1 ? 'stack' : 'stacks'} of tiles`;
    const issues = [converterFinding('Olympus VSI', item.path, stacks.length > 0 ? told : '')];
    if (stacks.length === 0) {
      const message = 'The folder with the pixels, which has the name of this file between underscores, is not there.';
      issues.push(microscopeIssue('image-in-other-file', message, { where: { file: item.path } }));
    }
    const text = lines.join('\n');
    return { images: [], issues, ...(text === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text } }) };
  },
};
