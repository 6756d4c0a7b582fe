import type { ByteSource } from '../../bytes/byte-source.ts';

/** Bytes of XML text in order, always in an encoding in which `<` is the byte 60. */
export interface XmlWindows {
  /** Label for `TextDecoder`; `utf-8` for files that were UTF-16. */
  readonly encoding: string;
  /**
   * The next window, `undefined` after the last.
   * @param unread bytes at the end of the last window that shall stand at the start of this one
   */
  next(unread?: number): Promise<Uint8Array | undefined>;
}

/**
 * Windows of a source. UTF-16 (by its byte order mark or a leading `<` of two bytes) becomes UTF-8 on the way;
 * every other encoding is passed on with its declared name.
 */
export async function xmlWindows(source: ByteSource, windowBytes: number, signal?: AbortSignal): Promise<XmlWindows> {
  const head = await source.read(0, 512, signal);
  const wide = wideEncoding(head);
  let offset = 0;
  const raw = async (unread: number) => {
    if (offset >= source.size) return undefined;
    // Reading a few bytes twice is cheaper than copying a window.
    const bytes = await source.read(offset - unread, windowBytes + unread, signal);
    offset += windowBytes;
    return bytes;
  };
  if (wide === undefined) return { encoding: declaredEncoding(head), next: (unread = 0) => raw(unread) };
  const decoder = new TextDecoder(wide);
  const encoder = new TextEncoder();
  let last: Uint8Array = new Uint8Array(0);
  return {
    encoding: 'utf-8',
    next: async (unread = 0) => {
      const bytes = await raw(0);
      if (!bytes) return undefined;
      const text = encoder.encode(decoder.decode(bytes, { stream: true }));
      const window = new Uint8Array(unread + text.length);
      window.set(last.subarray(last.length - unread));
      window.set(text, unread);
      last = window;
      return window;
    },
  };
}

function wideEncoding(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 60 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 60)) return 'utf-16be';
  return undefined;
}

/** The encoding the XML declaration names, where `TextDecoder` knows it and it is written byte by byte; else UTF-8. */
function declaredEncoding(head: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(head);
  const label = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(text)?.[1];
  if (label === undefined || !/^(utf-8|us-ascii|ascii|iso-8859-\d+|latin1|windows-125\d)$/i.test(label)) return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

/** One-based line of a byte offset, by counting line ends up to it; asked only when something is wrong. */
export async function lineAt(source: ByteSource, offset: number, signal?: AbortSignal): Promise<number> {
  let line = 1;
  const step = 1 << 22;
  for (let start = 0; start < Math.min(offset, source.size); start += step) {
    const bytes = await source.read(start, Math.min(step, offset - start), signal);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line++;
  }
  return line;
}
