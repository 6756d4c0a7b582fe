import { ByteSourceError, memorySource } from '../bytes/byte-source.ts';
import type { FileEntry, FileTree } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from './descriptor.ts';
import type { FormatId } from './format-id.ts';
import { firstInflated } from './first-inflated.ts';
import { takenCandidate } from './grade.ts';
import { packedDescriptor } from './packed-item.ts';
import { bytesAt, probeBytes, probeEntry, textOf } from './probe.ts';
import { formats } from './registry.ts';
import { declaresEntities } from './xml-root.ts';

/** What a file or folder is, and who says so. */
export interface Recognised {
  format: FormatId;
  recognition: Recognition;
  /** Left out only for `unknown`. */
  descriptor?: FormatDescriptor;
  /** Packed with gzip, and read: the item's tree shows the files unpacked. */
  isPacked?: true;
  /** The XML declares a document type or entities, which are never resolved. */
  declaresEntities?: true;
  /** What it may be, where too little speaks for it: never used without asking. */
  guess?: { format: FormatId; name: string; reason: string };
  /** Formats whose recogniser failed on this content: a fault of ours, to be reported, never a reason to stop. */
  failed?: { format: FormatId; message: string }[];
}

const unknown = (reason: string): Recognised => ({ format: 'unknown', recognition: { score: 0, reason } });

/**
 * Recognises one file by its content: every descriptor is asked, the highest score wins; the extension only breaks
 * ties. Reads at most 64 KiB and what the format's index needs.
 * @throws whatever the byte source throws (disk or network); never for what the bytes say
 */
export async function recogniseFile(entry: FileEntry, tree: FileTree, signal?: AbortSignal): Promise<Recognised> {
  if (entry.size === 0) return unknown('the file is empty');
  const probe = await probeEntry(entry, tree, signal);
  return bytesAt(probe.head, 0, [0x1f, 0x8b]) ? recognisePacked(probe) : recogniseProbe(probe);
}

/**
 * A file packed with gzip is what it holds (`.bdml.xml.gz`), recognised from its first 64 KiB unpacked. It has no
 * descriptor where the reader takes files unpacked only.
 */
async function recognisePacked(probe: Probe): Promise<Recognised> {
  const head = await firstInflated(probe.head, 'gzip', probeBytes);
  const { entry, tree } = probe;
  const source = memorySource(entry.path, head);
  const text = textOf(head, true);
  // As large as what is unpacked, where that is all, so that nobody takes a part for the whole.
  const size = head.length < probeBytes ? head.length : Math.max(entry.size, head.length + 1);
  const unpacked = { path: entry.path, size, open: () => entry.open() };
  const name = entry.path.toLowerCase().replace(/\.gz$/, '');
  const inner = await recogniseProbe({ entry: unpacked, head, text, source, tree }, name);
  if (inner.format === 'unknown' || inner.format === 'text' || bytesAt(head, 257, 'ustar'))
    return unknown('packed with gzip, and the content is of no format we know');
  const { descriptor, ...found } = inner;
  const reads = descriptor && !descriptor.readsGzip && text !== undefined ? packedDescriptor(descriptor) : undefined;
  return {
    ...found,
    ...(descriptor?.readsGzip ? { descriptor } : {}),
    ...(reads ? { descriptor: reads, isPacked: true } : {}),
    recognition: { ...found.recognition, reason: `packed with gzip: ${found.recognition.reason}` },
  };
}

/** The same for a probe already read. `name`: path in small letters, whose ending breaks ties. */
export async function recogniseProbe(probe: Probe, name = probe.entry.path.toLowerCase()): Promise<Recognised> {
  const found = await best(name, (format) => format.recognise?.(probe));
  return probe.text !== undefined && declaresEntities(probe.text) ? { ...found, declaresEntities: true } : found;
}

/** Recognises a folder that is itself one item; `undefined` where it is just a folder. */
export async function recogniseFolder(tree: FileTree, folder: string): Promise<Recognised | undefined> {
  const found = await best(folder.toLowerCase(), (format) => format.recogniseFolder?.(tree, folder));
  return found.format === 'unknown' || found.recognition.score < 0.5 ? undefined : found;
}

async function best(
  name: string,
  ask: (format: FormatDescriptor) => Promise<Recognition | undefined> | Recognition | undefined,
): Promise<Recognised> {
  const candidates: (Recognised & { rank: number; descriptor: FormatDescriptor })[] = [];
  const failed: { format: FormatId; message: string }[] = [];
  for (const descriptor of formats) {
    const recognition = await askSafely(descriptor, ask, failed);
    if (!recognition || recognition.score <= 0) continue;
    const fits = descriptor.extensions.some((extension) => name.endsWith(extension.toLowerCase()));
    candidates.push({ format: descriptor.id, recognition, descriptor, rank: recognition.score + (fits ? 1e-6 : 0) });
  }
  // Of equals the first registered stays first.
  candidates.sort((a, b) => b.rank - a.rank);
  const { taken, guess } = takenCandidate(candidates);
  const answer: Recognised = taken
    ? { format: taken.format, recognition: taken.recognition, descriptor: taken.descriptor }
    : unknown('the content is of no format we know');
  return {
    ...answer,
    ...(guess
      ? { guess: { format: guess.format, name: guess.descriptor.name, reason: guess.recognition.reason } }
      : {}),
    ...(failed.length > 0 ? { failed } : {}),
  };
}

async function askSafely(
  descriptor: FormatDescriptor,
  ask: (format: FormatDescriptor) => Promise<Recognition | undefined> | Recognition | undefined,
  failed: { format: FormatId; message: string }[],
): Promise<Recognition | undefined> {
  try {
    return await ask(descriptor);
  } catch (error) {
    if (error instanceof ByteSourceError || (error instanceof Error && error.name === 'AbortError')) throw error;
    failed.push({ format: descriptor.id, message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
