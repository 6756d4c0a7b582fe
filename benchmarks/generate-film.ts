import { createWriteStream, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { constants, deflateSync, zstdCompressSync } from 'node:zlib';
import { cziFile } from '../packages/formats/src/images/czi/czi-for-tests.ts';

/*
 * One film of 2048 x 2048 16-bit planes in the forms that are measured:
 *   node benchmarks/generate-film.ts FORM PATH PLANES
 * FORM is plain, deflate (TIFF in strips of 64 rows), czi (zstd with low and high bytes apart) or nd2 (uncompressed).
 */

const side = 2048;

/** Camera-like planes: an offset, a soft structure, shot and read noise; seeded. */
function cameraPlane(z: number, noise: Float32Array): Uint16Array {
  const plane = new Uint16Array(side * side);
  let n = Math.imul(z + 1, 48_271) % noise.length;
  for (let y = 0; y < side; y++) {
    const row = 300 + 200 * Math.sin((y + 9 * z) / 160);
    for (let x = 0; x < side; x++) {
      const light = row * (1.2 + Math.sin((x - 5 * z) / 130));
      plane[y * side + x] = 100 + light + Math.sqrt(Math.abs(light) + 4) * noise[n]!;
      n = n + 1 === noise.length ? 0 : n + 1;
    }
    n = (n + 7919 * (y + 1)) % noise.length;
  }
  return plane;
}

function gaussianNoise(length: number): Float32Array {
  let state = 12_345;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** A file that is written as fast as the disk takes it. */
function growing(path: string): { put(bytes: Uint8Array): Promise<void>; close(): Promise<void> } {
  const out = createWriteStream(path);
  return {
    async put(bytes) {
      if (!out.write(bytes)) await once(out, 'drain');
    },
    async close() {
      out.end();
      await once(out, 'finish');
    },
  };
}

/** Little-endian classic TIFF, one strip a plane, directories at the end, with an ImageJ description: z planes. */
async function writeTiff(path: string, planes: number): Promise<void> {
  const { put, close } = growing(path);
  const bytesPerPlane = side * side * 2;
  const text = new TextEncoder().encode(`ImageJ=1.54f\nimages=${planes}\nslices=${planes}\n\0`);
  const firstDirectory = 8 + planes * bytesPerPlane + text.length + (text.length % 2);
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, 0x002a4949, true);
  header.setUint32(4, firstDirectory, true);
  await put(new Uint8Array(header.buffer));
  const noise = gaussianNoise(1 << 20);
  for (let z = 0; z < planes; z++) await put(new Uint8Array(cameraPlane(z, noise).buffer));
  await put(new Uint8Array([...text, ...(text.length % 2 ? [0] : [])]));
  for (let z = 0; z < planes; z++) {
    const tags: [number, number, number, number][] = [
      [256, 4, 1, side],
      [257, 4, 1, side],
      [258, 3, 1, 16],
      [259, 3, 1, 1],
      [262, 3, 1, 1],
      [270, 2, text.length, 8 + planes * bytesPerPlane],
      [273, 4, 1, 8 + z * bytesPerPlane],
      [277, 3, 1, 1],
      [278, 4, 1, side],
      [279, 4, 1, bytesPerPlane],
    ];
    const length = 2 + tags.length * 12 + 4;
    const data = new DataView(new ArrayBuffer(length));
    data.setUint16(0, tags.length, true);
    for (const [n, [tag, type, count, value]] of tags.entries()) {
      data.setUint16(2 + n * 12, tag, true);
      data.setUint16(4 + n * 12, type, true);
      data.setUint32(6 + n * 12, count, true);
      data.setUint32(10 + n * 12, value, true);
    }
    data.setUint32(length - 4, z + 1 < planes ? firstDirectory + (z + 1) * length : 0, true);
    await put(new Uint8Array(data.buffer));
  }
  await close();
}

/** The same with strips of 64 rows, each deflated: what microscopes and Python write as compressed TIFF. */
async function writeDeflated(path: string, planes: number): Promise<void> {
  const { put, close } = growing(path);
  const rows = 64;
  const strips = side / rows;
  const noise = gaussianNoise(1 << 20);
  const places: { offset: number; length: number }[][] = [];
  let at = 8;
  const body: Uint8Array[] = [];
  const header = new DataView(new ArrayBuffer(8));
  for (let z = 0; z < planes; z++) {
    const plane = new Uint8Array(cameraPlane(z, noise).buffer);
    const own: { offset: number; length: number }[] = [];
    for (let n = 0; n < strips; n++) {
      const packed = deflateSync(plane.subarray(n * rows * side * 2, (n + 1) * rows * side * 2), { level: 6 });
      own.push({ offset: at, length: packed.length });
      body.push(packed);
      at += packed.length;
    }
    places.push(own);
  }
  at += at % 2;
  header.setUint32(0, 0x002a4949, true);
  header.setUint32(4, at, true);
  await put(new Uint8Array(header.buffer));
  for (const part of body) await put(part);
  await put(new Uint8Array((8 + body.reduce((sum, part) => sum + part.length, 0)) % 2));
  for (const [z, own] of places.entries()) {
    const length = 2 + 9 * 12 + 4;
    const lists = at + length;
    const next = lists + strips * 8;
    const tags: [number, number, number, number][] = [
      [256, 4, 1, side],
      [257, 4, 1, side],
      [258, 3, 1, 16],
      [259, 3, 1, 8],
      [262, 3, 1, 1],
      [273, 4, strips, lists],
      [277, 3, 1, 1],
      [278, 4, 1, rows],
      [279, 4, strips, lists + strips * 4],
    ];
    const data = new DataView(new ArrayBuffer(length + strips * 8));
    data.setUint16(0, tags.length, true);
    for (const [n, [tag, type, count, value]] of tags.entries()) {
      data.setUint16(2 + n * 12, tag, true);
      data.setUint16(4 + n * 12, type, true);
      data.setUint32(6 + n * 12, count, true);
      data.setUint32(10 + n * 12, value, true);
    }
    data.setUint32(length - 4, z + 1 < planes ? next : 0, true);
    for (const [n, strip] of own.entries()) {
      data.setUint32(length + n * 4, strip.offset, true);
      data.setUint32(length + strips * 4 + n * 4, strip.length, true);
    }
    await put(new Uint8Array(data.buffer));
    at = next;
  }
  await close();
}

/** A CZI with a block a plane, packed with zstd, low and high bytes apart, as ZEN writes. */
function writeCzi(path: string, planes: number): void {
  const noise = gaussianNoise(1 << 20);
  const blocks = Array.from({ length: planes }, (_, z) => {
    const values = cameraPlane(z, noise);
    const apart = new Uint8Array(values.length * 2);
    for (let n = 0; n < values.length; n++) {
      apart[n] = values[n]! & 255;
      apart[values.length + n] = values[n]! >> 8;
    }
    const packed = zstdCompressSync(apart, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    const data = new Uint8Array(3 + packed.length);
    data.set([3, 1, 1]);
    data.set(packed, 3);
    const dimensions = [
      { name: 'X', start: 0, size: side },
      { name: 'Y', start: 0, size: side },
      { name: 'Z', start: z, size: 1 },
    ];
    return { dimensions, pixelType: 1, compression: 6, data };
  });
  writeFileSync(path, cziFile(blocks, '<ImageDocument/>'));
}

/** An uncompressed ND2: attributes, a chunk an image, and the map that says where they lie. */
async function writeNd2(path: string, planes: number): Promise<void> {
  const { put, close } = growing(path);
  const places: { name: string; offset: number }[] = [];
  let at = 0;
  const chunk = async (name: string, data: Uint8Array): Promise<void> => {
    const head = new Uint8Array(16 + name.length);
    const view = new DataView(head.buffer);
    view.setUint32(0, 0x0abeceda, true);
    view.setUint32(4, name.length, true);
    view.setBigUint64(8, BigInt(data.length), true);
    head.set(new TextEncoder().encode(name), 16);
    places.push({ name, offset: at });
    await put(head);
    await put(data);
    at += head.length + data.length;
  };
  await chunk('ND2 FILE SIGNATURE CHUNK NAME01!', new TextEncoder().encode('Ver3.0'.padEnd(64, '\0')));
  const attributes: [string, number][] = [
    ['uiWidth', side],
    ['uiWidthBytes', side * 2],
    ['uiHeight', side],
    ['uiComp', 1],
    ['uiBpcInMemory', 16],
    ['uiBpcSignificant', 16],
    ['uiSequenceCount', planes],
    ['eCompression', 2],
  ];
  await chunk('ImageAttributesLV!', Uint8Array.from(attributes.flatMap(([name, value]) => wholeNumber(name, value))));
  const noise = gaussianNoise(1 << 20);
  for (let z = 0; z < planes; z++) {
    const data = new Uint8Array(8 + side * side * 2);
    data.set(new Uint8Array(cameraPlane(z, noise).buffer), 8);
    await chunk(`ImageDataSeq|${z}!`, data);
  }
  const map: number[] = [];
  const mapAt = at;
  const entry = (name: string, offset: number): void => {
    const rest = new DataView(new ArrayBuffer(16));
    rest.setBigUint64(0, BigInt(offset), true);
    map.push(...new TextEncoder().encode(name), ...new Uint8Array(rest.buffer));
  };
  for (const { name, offset } of places) entry(name, offset);
  entry('ND2 CHUNK MAP SIGNATURE 0000001!', mapAt);
  await chunk('ND2 FILEMAP SIGNATURE NAME 0001!', Uint8Array.from(map));
  const end = new DataView(new ArrayBuffer(40));
  end.setBigUint64(32, BigInt(mapAt), true);
  await put(new Uint8Array(end.buffer));
  await close();
}

/** One record of the maker's "light variants": an unsigned number with its name. */
function wholeNumber(name: string, value: number): number[] {
  const bytes = [3, name.length + 1];
  for (const letter of `${name}\0`) bytes.push(letter.charCodeAt(0), 0);
  return [...bytes, value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

const [form, path, planes] = process.argv.slice(2);
if (form === 'plain' && path) await writeTiff(path, Number(planes));
else if (form === 'deflate' && path) await writeDeflated(path, Number(planes));
else if (form === 'czi' && path) writeCzi(path, Number(planes));
else if (form === 'nd2' && path) await writeNd2(path, Number(planes));
else throw new Error('FORM is plain, deflate, czi or nd2');
