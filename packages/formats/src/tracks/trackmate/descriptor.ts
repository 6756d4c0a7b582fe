import type { FormatDescriptor } from '../../recognition/descriptor.ts';

// Comments are matched so that they can end in one place only: a pattern with a choice there takes exponential time.
const prolog =
  /^\s*(?:<\?(?:(?!\?>)[\s\S])*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<TrackMate(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>?/;

/** TrackMate XML, also as MaMuT writes it. */
export const trackmateFormat: FormatDescriptor = {
  id: 'trackmate',
  name: 'TrackMate',
  kind: 'tracks',
  extensions: ['.xml'],
  mediaTypes: ['application/xml'],
  recognise({ text, head }) {
    const found = prolog.exec(text ?? wideText(head) ?? '');
    if (!found) return undefined;
    const version = /\sversion\s*=\s*["']([^"']*)["']/.exec(found[1]!)?.[1];
    return { score: 1, reason: 'root element TrackMate', ...(version === undefined ? {} : { version }) };
  },
  tracks: {
    reader: async () => (await import('./reader.ts')).trackmateReader,
    writer: async () => (await import('../trackmate-xml/writer.ts')).trackmateWriter,
  },
};

/** Text of a UTF-16 file, which holds NUL bytes and so comes without text. */
function wideText(head: Uint8Array): string | undefined {
  const little = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 60 && head[1] === 0);
  const big = (head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 60);
  return little || big ? new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(head.subarray(0, 8192)) : undefined;
}
