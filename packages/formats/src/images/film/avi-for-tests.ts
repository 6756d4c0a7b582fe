/** What a made film consists of. */
export interface MadeFilm {
  width: number;
  height: number;
  bits: number;
  /** Four letters, or a number below 16 for bitmaps. */
  compression: string | number;
  handler?: string;
  frames: readonly Uint8Array[];
  palette?: readonly (readonly [number, number, number])[];
  index: 'idx1' | 'idx1 from the begin' | 'opendml' | 'none';
  /** Rows from the top, which bitmaps say by a negative height. */
  isTopDown?: boolean;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function numbers(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setInt32(n * 4, value | 0, true);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const chunk = (id: string, content: Uint8Array): Uint8Array =>
  joined(ascii(id), numbers(content.length), content, new Uint8Array(content.length & 1));
const list = (type: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  chunk('LIST', joined(ascii(type), ...parts));

/** Writes an AVI with a stream of sound before the pictures, as programs do that record both. */
export function buildAvi(film: MadeFilm): Uint8Array {
  const { width, height, bits, compression, frames, palette = [], index, isTopDown } = film;
  const code = typeof compression === 'number' ? numbers(compression) : ascii(compression);
  const picture = joined(
    numbers(40, width, isTopDown ? -height : height),
    Uint8Array.of(1, 0, bits, 0),
    code,
    numbers(0, 0, 0, palette.length, 0),
    Uint8Array.from(palette.flatMap(([r, g, b]) => [b, g, r, 0])),
  );
  const head = (type: string, handler: string): Uint8Array =>
    chunk('strh', joined(ascii(type), ascii(handler), numbers(0, 0, 0, 2, 25, 0, frames.length, 0, -1, 0, 0, 0)));
  const sound = list('strl', head('auds', '\0\0\0\0'), chunk('strf', new Uint8Array(16)));
  // The index of indices is of a length known before its places are.
  const headers = (places: Uint8Array): Uint8Array =>
    list(
      'hdrl',
      chunk('avih', numbers(40_000, 0, 0, 0, frames.length, 0, 2, 0, width, height, 0, 0, 0, 0)),
      sound,
      list(
        'strl',
        head('vids', film.handler ?? 'DIB '),
        chunk('strf', picture),
        ...(index === 'opendml' ? [chunk('indx', places)] : []),
      ),
    );
  const empty = new Uint8Array(24 + 16);
  const start = 12 + headers(empty).length + 12;
  const parts: Uint8Array[] = [];
  const places: { at: number; size: number; id: string }[] = [];
  let at = start;
  const put = (id: string, content: Uint8Array): void => {
    places.push({ at, size: content.length, id });
    const whole = chunk(id, content);
    parts.push(whole);
    at += whole.length;
  };
  for (const frame of frames) {
    put('00wb', Uint8Array.of(1, 2, 3));
    put(typeof compression === 'number' ? '01db' : '01dc', frame);
  }
  const pictures = places.filter(({ id }) => id !== '00wb');
  const indexAt = at;
  if (index === 'opendml') {
    const entries = pictures.map((place) => numbers(place.at + 8 - start, place.size));
    const about = joined(Uint8Array.of(2, 0, 0, 1), numbers(entries.length), ascii('01dc'), numbers(start, 0, 0));
    parts.push(chunk('ix01', joined(about, ...entries)));
  }
  const superIndex = joined(
    Uint8Array.of(4, 0, 0, 0),
    numbers(1),
    ascii('01dc'),
    numbers(0, 0, 0, indexAt, 0, 0, frames.length),
  );
  const base = index === 'idx1' ? start - 4 : 0;
  const old = index.startsWith('idx1')
    ? [chunk('idx1', joined(...places.map((one) => joined(ascii(one.id), numbers(16, one.at - base, one.size)))))]
    : [];
  return chunk('RIFF', joined(ascii('AVI '), headers(superIndex), list('movi', ...parts), ...old));
}
