import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, baseName } from '../../bytes/file-tree.ts';
import { GunzipSource, isGzip } from '../../bytes/gunzip-source.ts';
import type { BdmlDocument } from './document.ts';

/** Files beside a series that are asked for their ids. */
const mostAsked = 500;
const headBytes = 65_536;

/** The document of a file, unpacked where it is packed. */
export async function openDocument(
  entry: FileEntry,
  signal?: AbortSignal,
): Promise<ByteSource & { close?(): Promise<void> }> {
  const file = await entry.open();
  return (await isGzip(file, signal)) ? new GunzipSource(file) : file;
}

/** The `bdmlID` of a document by its head, in small letters; `undefined` where there is none. */
async function idOf(entry: FileEntry, signal?: AbortSignal): Promise<string | undefined> {
  const source = await openDocument(entry, signal);
  try {
    const head = new TextDecoder().decode(await source.read(0, headBytes, signal));
    return /<(?:[\w.-]+:)?bdmlID(?:\s[^>]*)?>\s*([^<\s]+)\s*</.exec(head)?.[1]?.toLowerCase();
  } finally {
    await source.close?.();
    await entry.close?.();
  }
}

/** Ids that the head of a series or set names, in small letters; none for other documents. */
export function namedParts(text: string): string[] {
  if (!/<(?:[\w.-]+:)?(?:series|set)[\s>]/.test(text)) return [];
  return Array.from(text.matchAll(/<(?:[\w.-]+:)?bdmlIDRef(?:\s[^>]*)?>\s*([^<\s]+)\s*</g), ([, id]) =>
    id!.toLowerCase(),
  );
}

/** Files that hold the documents of some ids, by id; of two with one id the first. */
export async function documentsWithIds(
  ids: readonly string[],
  entries: readonly FileEntry[],
  signal?: AbortSignal,
): Promise<Map<string, FileEntry>> {
  const wanted = new Set(ids.map((id) => id.toLowerCase()));
  const found = new Map<string, FileEntry>();
  const candidates = entries.filter(({ path }) => /\.(xml|bdml)(\.gz)?$/i.test(baseName(path)));
  for (const entry of candidates.slice(0, mostAsked)) {
    if (found.size === wanted.size) break;
    const id = await idOf(entry, signal);
    if (id !== undefined && wanted.has(id) && !found.has(id)) found.set(id, entry);
  }
  return found;
}

/**
 * The parts of a series as one document: the header of the series, the scales that all have, and the kinds and
 * features of any. `undefined` where scales or features contradict each other, so that they cannot be one.
 */
export function joined(series: BdmlDocument, parts: readonly BdmlDocument[]): BdmlDocument | undefined {
  const [first] = parts;
  if (!first || parts.some(({ body }) => body !== 'data')) return undefined;
  const features = new Map<string, BdmlDocument['features'][number]>();
  for (const part of parts) {
    const isSame = [...first.scales].every(([name, value]) => part.scales.get(name) === value);
    if (!isSame || part.scales.size !== first.scales.size) return undefined;
    for (const feature of part.features) {
      const known = features.get(feature.name) ?? feature;
      if (known.scale !== feature.scale || known.unit !== feature.unit) return undefined;
      features.set(feature.name, known);
    }
  }
  return {
    ...first,
    header: series.header ?? first.header,
    objects: [...new Set(parts.flatMap(({ objects }) => objects))],
    features: [...features.values()],
    unreadable: {
      count: parts.reduce((sum, { unreadable }) => sum + unreadable.count, 0),
      first: parts.find(({ unreadable }) => unreadable.count > 0)?.unreadable.first ?? '',
    },
  };
}
