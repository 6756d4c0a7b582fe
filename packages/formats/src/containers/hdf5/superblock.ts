import type { ByteSource } from '../../bytes/byte-source.ts';
import { CachedRanges } from '../../images/tiff/cached-ranges.ts';
import { checkSum } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import { AddressSpace } from './space.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where the signature stands: at 0, or behind a user block of 512, 1024, 2048... bytes; `undefined` where it does not. */
export async function hdf5Start(source: Pick<ByteSource, 'size' | 'read'>): Promise<number | undefined> {
  for (let at = 0; at + 8 <= source.size; at = at === 0 ? 512 : at * 2) {
    const bytes = await source.read(at, 8);
    if (bytes.length === 8 && signature.every((byte, n) => bytes[n] === byte)) return at;
  }
  return undefined;
}

/** The beginning of a file. */
export interface Superblock {
  /** 0 to 3. */
  version: number;
  space: AddressSpace;
  /** Address of the object header of the root group. */
  root: number;
  /** Bytes that the file is shorter than it says; 0 where it is whole. */
  missingBytes: number;
}

/**
 * Reads the superblock, versions 0 to 3. Source: HDF5 File Format Specification 3.0, II.A.
 * @throws Hdf5Fault where there is none or it is damaged
 */
export async function readSuperblock(source: ByteSource): Promise<Superblock> {
  const cache = new CachedRanges(source);
  // One request of some kilobytes finds the superblock, and often the root group with it.
  const start = await hdf5Start({ size: source.size, read: (offset, length) => cache.read(offset, length) });
  if (start === undefined) throw new Hdf5Fault('not-hdf5', 'the HDF5 signature is missing');
  const what = 'the superblock';
  const cursor = new Cursor(await cache.read(start, 256), what).skip(8);
  const version = cursor.version(0, 1, 2, 3);
  if (version >= 2) {
    const [addressBytes, lengthBytes] = [width(cursor.u8()), width(cursor.u8())];
    checkSum(cursor.bytes.subarray(0, 12 + 4 * addressBytes + 4), what, start);
    cursor.skip(1);
    const base = cursor.address(addressBytes) ?? 0;
    const end = cursor.skip(addressBytes).address(addressBytes);
    const root = rootAddress(cursor.address(addressBytes));
    const space = new AddressSpace(source, cache, start, addressBytes, lengthBytes);
    return { version, space, root, missingBytes: missing(space, base, end) };
  }
  cursor.skip(4);
  const [addressBytes, lengthBytes] = [width(cursor.u8()), width(cursor.u8())];
  // A reserved byte, ranks of the trees and flags.
  cursor.skip(version === 1 ? 13 : 9);
  const base = cursor.address(addressBytes) ?? 0;
  const end = cursor.skip(addressBytes).address(addressBytes);
  // The driver, and the name of the root's entry.
  const root = rootAddress(cursor.skip(2 * addressBytes).address(addressBytes));
  const space = new AddressSpace(source, cache, start, addressBytes, lengthBytes);
  return { version, space, root, missingBytes: missing(space, base, end) };
}

/** The end is stated from the start of the file, or in some versions from the base. */
function missing({ source, base: start }: AddressSpace, base: number, end: number | undefined): number {
  const stated = (end ?? 0) + (base === start ? 0 : start - base);
  return Number.isSafeInteger(stated) ? Math.max(0, stated - source.size) : 0;
}

function width(bytes: number): number {
  if (![2, 4, 8].includes(bytes)) throw new Hdf5Fault('damaged', `the superblock has addresses of ${bytes} bytes`);
  return bytes;
}

function rootAddress(address: number | undefined): number {
  if (address === undefined) throw new Hdf5Fault('damaged', 'the file has no root group');
  return address;
}
