/** bzip2 data that cannot be unpacked. */
export class Bzip2Error extends Error {
  override readonly name = 'Bzip2Error';
}

/** Bits from the most significant on. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `count` bits, at most 24. */
  take(count: number): number {
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length) throw new Bzip2Error('the packed data end early');
      this.#held = ((this.#held << 8) | this.#bytes[this.#at++]!) & 0x7fffffff;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#held >>> this.#count) & ((1 << count) - 1);
  }

  /** Goes on at a whole byte; says whether there is one. */
  nextByte(): boolean {
    this.#count -= this.#count % 8;
    return this.#count > 0 || this.#at < this.#bytes.length;
  }
}

const blockMark = [0x314159, 0x265359] as const;
const endMark = [0x177245, 0x385090] as const;

/**
 * Unpacks bzip2 streams, one after another, to at most `limit` bytes. Built from the published description of the format
 * (Huffman codes, move to front, Burrows-Wheeler); check sums are compared.
 * @throws Bzip2Error where the data are damaged, end early or hold more than `limit` bytes
 */
export function bunzip2(packed: Uint8Array, limit: number): Uint8Array {
  const bits = new Bits(packed);
  const out = new Output(limit);
  do {
    if (bits.take(16) !== 0x425a || bits.take(8) !== 0x68) throw new Bzip2Error('the data do not begin like bzip2');
    const blockBytes = (bits.take(8) - 0x30) * 100_000;
    if (!(blockBytes >= 100_000 && blockBytes <= 900_000)) throw new Bzip2Error('the size of the blocks is damaged');
    for (;;) {
      const mark = [bits.take(24), bits.take(24)] as const;
      const stated = bits.take(16) * 65_536 + bits.take(16);
      if (mark[0] === endMark[0] && mark[1] === endMark[1]) break;
      if (mark[0] !== blockMark[0] || mark[1] !== blockMark[1]) throw new Bzip2Error('a block is damaged');
      out.beginBlock();
      readBlock(bits, blockBytes, out);
      if (out.checkSum() !== stated) throw new Bzip2Error('the check sum of a block is wrong');
    }
  } while (bits.nextByte());
  return out.bytes();
}

/** What comes out: runs of four equal bytes are followed by how many more there are. */
class Output {
  readonly #limit: number;
  #room: Uint8Array;
  #length = 0;
  #last = -1;
  #run = 0;
  #sum = 0xffffffff;

  constructor(limit: number) {
    this.#limit = limit;
    this.#room = new Uint8Array(Math.min(limit, 65_536));
  }

  beginBlock(): void {
    this.#last = -1;
    this.#run = 0;
    this.#sum = 0xffffffff;
  }

  take(byte: number): void {
    if (this.#run === 4) {
      for (let n = 0; n < byte; n++) this.#put(this.#last);
      this.#run = 0;
      this.#last = -1;
      return;
    }
    this.#run = byte === this.#last ? this.#run + 1 : 1;
    this.#last = byte;
    this.#put(byte);
  }

  #put(byte: number): void {
    if (this.#length >= this.#limit) throw new Bzip2Error(`the packed data hold more than ${this.#limit} bytes`);
    if (this.#length === this.#room.length) {
      const larger = new Uint8Array(Math.min(this.#limit, this.#room.length * 2));
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length++] = byte;
    this.#sum = (this.#sum << 8) ^ sums[((this.#sum >>> 24) ^ byte) & 0xff]!;
  }

  checkSum(): number {
    return ~this.#sum >>> 0;
  }

  bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }
}

/** CRC-32 with the most significant bit first. */
const sums = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});

interface HuffmanTable {
  /** Per length: the largest code of it, and what to take off a code to find its symbol. */
  limits: Int32Array;
  bases: Int32Array;
  symbols: Uint16Array;
  shortest: number;
}

function readBlock(bits: Bits, blockBytes: number, out: Output): void {
  if (bits.take(1) === 1) throw new Bzip2Error('the block is of an early kind (randomised)');
  const origin = bits.take(24);
  const used = usedBytes(bits);
  const { tables, selectors } = readTables(bits, used.length + 2);
  const { places, counts, length } = readPlaces(bits, used, tables, selectors, blockBytes);
  if (origin >= length) throw new Bzip2Error('the order of a block is damaged');
  // Back from the sorted columns to the row that was packed.
  let before = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte]!;
    counts[byte] = before;
    before += count;
  }
  for (let n = 0; n < length; n++) places[counts[places[n]! & 0xff]!++]! |= n << 8;
  let at = places[origin]! >>> 8;
  for (let n = 0; n < length; n++) {
    const entry = places[at]!;
    out.take(entry & 0xff);
    at = entry >>> 8;
  }
}

/** Which bytes occur, in sixteens. */
function usedBytes(bits: Bits): number[] {
  const groups = bits.take(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (!(groups & (0x8000 >> group))) continue;
    const members = bits.take(16);
    for (let n = 0; n < 16; n++) if (members & (0x8000 >> n)) used.push(group * 16 + n);
  }
  if (used.length === 0) throw new Bzip2Error('a block uses no bytes');
  return used;
}

function readTables(bits: Bits, symbols: number): { tables: HuffmanTable[]; selectors: Uint8Array } {
  const count = bits.take(3);
  const selectorCount = bits.take(15);
  if (count < 2 || count > 6 || selectorCount < 1) throw new Bzip2Error('the codes of a block are damaged');
  const front = Array.from({ length: count }, (_, n) => n);
  const selectors = Uint8Array.from({ length: selectorCount }, () => {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= count) throw new Bzip2Error('the codes of a block are damaged');
    const [table] = front.splice(place, 1);
    front.unshift(table!);
    return table!;
  });
  const tables = Array.from({ length: count }, () => {
    let length = bits.take(5);
    const lengths = Uint8Array.from({ length: symbols }, () => {
      while (bits.take(1) === 1) {
        length += bits.take(1) === 1 ? -1 : 1;
        if (length < 1 || length > 20) throw new Bzip2Error('the codes of a block are damaged');
      }
      if (length < 1 || length > 20) throw new Bzip2Error('the codes of a block are damaged');
      return length;
    });
    return tableOf(lengths);
  });
  return { tables, selectors };
}

/** Codes grow with their length, and within one length with the symbol. */
function tableOf(lengths: Uint8Array): HuffmanTable {
  const limits = new Int32Array(21).fill(-1);
  const bases = new Int32Array(21);
  const symbols = new Uint16Array(lengths.length);
  let [code, place] = [0, 0];
  for (let length = 1; length <= 20; length++) {
    bases[length] = place - code;
    for (let symbol = 0; symbol < lengths.length; symbol++)
      if (lengths[symbol] === length) {
        symbols[place++] = symbol;
        code++;
      }
    limits[length] = code - 1;
    code <<= 1;
  }
  return { limits, bases, symbols, shortest: Math.min(...lengths) };
}

function nextSymbol(bits: Bits, table: HuffmanTable): number {
  let code = bits.take(table.shortest);
  for (let length = table.shortest; length <= 20; length++) {
    if (code <= table.limits[length]!) {
      const symbol = table.symbols[code + table.bases[length]!];
      if (symbol !== undefined) return symbol;
      break;
    }
    if (length < 20) code = (code << 1) | bits.take(1);
  }
  throw new Bzip2Error('a code of a block is damaged');
}

/** The last column of the sorted block, one byte an entry, and how often each byte occurs. */
function readPlaces(
  bits: Bits,
  used: readonly number[],
  tables: readonly HuffmanTable[],
  selectors: Uint8Array,
  blockBytes: number,
): { places: Uint32Array; counts: Uint32Array; length: number } {
  const places = new Uint32Array(blockBytes);
  const counts = new Uint32Array(256);
  const front = [...used];
  const end = used.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  const put = (byte: number, times: number): void => {
    if (length + times > blockBytes) throw new Bzip2Error('a block is longer than it may be');
    places.fill(byte, length, length + times);
    counts[byte]! += times;
    length += times;
  };
  for (let n = 0; ; n++) {
    const table = tables[selectors[Math.floor(n / 50)] ?? -1];
    if (!table) throw new Bzip2Error('the codes of a block end early');
    const symbol = nextSymbol(bits, table);
    if (symbol <= 1) {
      // Runs of the byte in front are numbers in two digits that weigh 1 and 2.
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > blockBytes) throw new Bzip2Error('a block is longer than it may be');
      continue;
    }
    if (run > 0) put(front[0]!, run);
    [run, weight] = [0, 1];
    if (symbol === end) return { places, counts, length };
    const [byte] = front.splice(symbol - 1, 1);
    if (byte === undefined) throw new Bzip2Error('a code of a block is damaged');
    front.unshift(byte);
    put(byte, 1);
  }
}
