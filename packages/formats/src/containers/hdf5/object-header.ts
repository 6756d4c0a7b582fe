import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { AddressSpace } from './space.ts';

/** Numbers of the messages that are read. */
export const messageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** One message of an object header. */
export interface Message {
  type: number;
  bytes: Uint8Array;
}

/** Blocks of one header at most; a header of a thousand attributes has about a dozen. */
const mostBlocks = 4096;
const mostBytes = 64 << 20;

/**
 * Reads all messages of an object header, version 1 or 2, over all its continuation blocks; shared messages are
 * followed. Source: HDF5 File Format Specification 3.0, IV.A.
 * @throws Hdf5Fault where a block is damaged, or blocks continue in a loop
 */
export async function readObjectHeader(space: AddressSpace, address: number): Promise<Message[]> {
  return headerMessages(space, address, 0);
}

async function headerMessages(space: AddressSpace, address: number, depth: number): Promise<Message[]> {
  const what = 'an object header';
  const first = await space.cursor(address, Math.min(64, Math.max(0, space.size - address)), what);
  const isNew = first.bytes[0] === 0x4f;
  const header = isNew ? newHeader(first) : oldHeader(first);
  const blocks: Block[] = [{ address: isNew ? address : address + 16, length: header.length, prefix: header.prefix }];
  const seen = new Set<number>();
  const messages: Message[] = [];
  let total = 0;
  for (let next = blocks.shift(); next; next = blocks.shift()) {
    total += next.length;
    if (seen.has(next.address) || seen.size > mostBlocks || total > mostBytes)
      throw new Hdf5Fault('damaged', `${what} at ${space.base + address} continues in a loop or without end`);
    seen.add(next.address);
    const cursor = header.isNew ? await newBlock(space, next) : await space.cursor(next.address, next.length, what);
    for (const found of header.isNew ? newMessages(cursor, header.hasOrder) : oldMessages(cursor)) {
      if (found.type === messageType.continuation) {
        const place = new Cursor(found.bytes, what);
        const at = place.address(space.addressBytes);
        const length = place.uint(space.lengthBytes);
        if (at !== undefined) blocks.push({ address: at, length, prefix: 4 });
      } else messages.push(found.isShared ? await followShared(space, found, depth) : found);
    }
  }
  return messages;
}

interface Block {
  address: number;
  /** Bytes from the address to the end of the messages, the check sum included. */
  length: number;
  /** Bytes before the first message. */
  prefix: number;
}

interface Found extends Message {
  isShared: boolean;
}

function oldHeader(cursor: Cursor): { isNew: false; length: number; prefix: number; hasOrder: boolean } {
  cursor.version(1);
  cursor.skip(7);
  return { isNew: false, length: cursor.u32(), prefix: 0, hasOrder: false };
}

function newHeader(cursor: Cursor): { isNew: true; length: number; prefix: number; hasOrder: boolean } {
  cursor.signature('OHDR').version(2);
  const flags = cursor.u8();
  cursor.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const length = cursor.uint(1 << (flags & 3));
  return { isNew: true, length: cursor.at + length + 4, prefix: cursor.at, hasOrder: (flags & 4) !== 0 };
}

async function newBlock(space: AddressSpace, { address, length, prefix }: Block): Promise<Cursor> {
  const cursor = await space.checked(address, length, 'an object header');
  if (prefix === 4) cursor.signature('OCHK');
  return new Cursor(cursor.bytes.subarray(prefix, length - 4), 'an object header');
}

function* newMessages(cursor: Cursor, hasOrder: boolean): Generator<Found> {
  const head = hasOrder ? 6 : 4;
  // What is left at the end, shorter than the head of a message, is a gap.
  while (cursor.left >= head) {
    const type = cursor.u8();
    const length = cursor.u16();
    const flags = cursor.u8();
    if (hasOrder) cursor.skip(2);
    yield { type, bytes: cursor.take(length), isShared: (flags & 2) !== 0 };
  }
}

function* oldMessages(cursor: Cursor): Generator<Found> {
  while (cursor.left >= 8) {
    const type = cursor.u16();
    const length = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(3);
    yield { type, bytes: cursor.take(length), isShared: (flags & 2) !== 0 };
  }
}

/** The message another object holds for this one. */
async function followShared(space: AddressSpace, { type, bytes }: Message, depth: number): Promise<Message> {
  const { address } = sharedAt(new Cursor(bytes, 'a shared message'), space);
  if (depth > 8) throw new Hdf5Fault('damaged', 'shared messages refer to each other in a loop');
  const found = (await headerMessages(space, address, depth + 1)).find((message) => message.type === type);
  if (!found) throw new Hdf5Fault('damaged', 'a shared message is not where it is said to be', space.base + address);
  return found;
}

/** Where a shared message lies: the header of a committed type. */
export function sharedAt(cursor: Cursor, space: AddressSpace): { address: number } {
  const version = cursor.version(1, 2, 3);
  const kind = cursor.u8();
  if (version === 3 && kind === 1)
    throw new Hdf5Fault('unsupported', 'messages are shared through a table of the whole file');
  if (version === 1) cursor.skip(6);
  const address = cursor.address(space.addressBytes);
  if (address === undefined) throw new Hdf5Fault('damaged', 'a shared message has no address');
  return { address };
}
