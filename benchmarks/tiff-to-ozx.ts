/**
 * A 2048 x 2048 x 100 16-bit uncompressed TIFF (839 MB, in page cache) to the pyramid of our own rule, beside a Python
 * tifffile + zarr + Blosc script that makes the same levels. Both flush what they wrote to the disk. Then a part of the
 * same film as deflated TIFF (beside the same script), as CZI packed with zstd and as ND2.
 *
 * node benchmarks/tiff-to-ozx.ts [--planes 100] [--folder /tmp]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FileSinkWriter, omeZarrWriterFor, tiffReader } from '@micrarium/formats';
import '@micrarium/formats/node';
import { cziReader } from '../packages/formats/src/images/czi/reader.ts';
import { nd2Reader } from '../packages/formats/src/images/nd2/reader.ts';
import { answerOf, beside, type Costs, costsSince, hasModules, itemOf, make, python } from './measured-process.ts';

/** One file, flushed to the disk when closed. No digest: the other side makes none. */
async function flushedFile(path: string): Promise<FileSinkWriter> {
  const handle = await open(path, 'w');
  return {
    keepsNothing: true,
    async write(bytes) {
      await handle.writeFile(bytes);
    },
    async close() {
      await handle.sync();
      await handle.close();
    },
  };
}

const forms = {
  plain: { name: 'camera.tif', format: 'imagej-tiff', reader: tiffReader },
  deflate: { name: 'camera.tif', format: 'tiff', reader: tiffReader },
  czi: { name: 'camera.czi', format: 'czi', reader: cziReader },
  nd2: { name: 'camera.nd2', format: 'nd2', reader: nd2Reader },
} as const;
type Form = keyof typeof forms;

async function convert(form: Form, input: string, output: string): Promise<void> {
  const { name, format, reader } = forms[form];
  const started = performance.now();
  const { item, close } = await itemOf(input, name, format);
  const { images } = await reader.open(item);
  await omeZarrWriterFor(output).write(images, { create: () => flushedFile(output) });
  console.log(JSON.stringify({ ...costsSince(started), bytes: statSync(output).size }));
  await close();
}

interface Converted {
  planes: number;
  input: number;
  ours: Costs & { bytes: number };
  theirs?: Costs;
}

/** Everything is made and converted in the folder; what was just written is in the page cache for both. */
function compare(form: Form, folder: string, planes: number, isPython: boolean): Converted {
  const film = join(folder, forms[form].name);
  make('generate-film.ts', form, film, String(planes));
  const output = join(folder, 'ours.ozx');
  const ours = answerOf<Converted['ours']>(process.execPath, [fileURLToPath(import.meta.url), form, film, output]);
  const zarr = join(folder, 'theirs.zarr');
  const theirs = isPython ? answerOf<Costs>(python, [beside('tifffile_zarr.py'), film, zarr]) : undefined;
  const input = statSync(film).size;
  for (const path of [film, output, zarr]) rmSync(path, { recursive: true, force: true });
  return { planes, input, ours, ...(theirs ? { theirs } : {}) };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { planes: { type: 'string', default: '100' }, folder: { type: 'string', default: tmpdir() } },
});
const [form, input, output] = positionals;
if (form && form in forms && input && output) await convert(form as Form, input, output);
else {
  const planes = Number(values.planes);
  const part = Math.ceil(planes * 0.4);
  const folder = mkdtempSync(join(values.folder, 'tiff-to-ozx-'));
  try {
    const isPython = hasModules('numcodecs', 'tifffile', 'zarr');
    const plain = compare('plain', folder, planes, isPython);
    const others = {
      plainPart: compare('plain', folder, part, false),
      deflate: compare('deflate', folder, part, isPython),
      czi: compare('czi', folder, part, false),
      nd2: compare('nd2', folder, part, false),
    };
    console.log(JSON.stringify({ benchmark: 'tiff-to-ozx', ...plain, others }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
