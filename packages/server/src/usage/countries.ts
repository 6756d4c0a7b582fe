import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** A table of countries cannot be read. */
export class CountriesUnreadable extends Error {
  override readonly name = 'CountriesUnreadable';
}

interface Span {
  start: bigint;
  end: bigint;
  country: string;
}

/** An address as a number; IPv6 by its upper half, which registries give out. `undefined` for what is none. */
function numberOf(address: string): { family: 4 | 6; value: bigint } | undefined {
  const plain = address.replace(/^::ffff:/i, '').split('%')[0]!;
  const family = isIP(plain);
  if (family === 4) return { family, value: plain.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  if (family !== 6) return undefined;
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail ?? '')];
  return { family, value: all.slice(0, 4).reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n) };
}

/**
 * Countries of addresses by a table on this machine, in the statistics exchange format of the regional internet registries (the file
 * `nro-delegated-stats` of all five, or one of theirs): `registry|FR|ipv4|2.0.0.0|1048576|…`, for IPv6 with the length of the prefix.
 */
export class Countries {
  private readonly spans: Record<4 | 6, Span[]> = { 4: [], 6: [] };

  /** @throws CountriesUnreadable where no line of the text is one of such a table */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, country = '', kind, start = '', value = ''] = line.split('|');
      if (!/^[A-Z]{2}$/.test(country) || country === 'ZZ' || !/^\d{1,10}$/.test(value)) continue;
      const at = numberOf(start);
      if (!at || kind !== `ipv${at.family}`) continue;
      const count = at.family === 4 ? BigInt(value) : 1n << BigInt(Math.max(0, 64 - Number(value)));
      this.spans[at.family].push({ start: at.value, end: at.value + count, country });
    }
    for (const spans of Object.values(this.spans)) spans.sort((a, b) => (a.start < b.start ? -1 : 1));
    if (this.spans[4].length + this.spans[6].length === 0)
      throw new CountriesUnreadable(
        'No line is one of a table of the internet registries (registry|CC|ipv4|start|count|…)',
      );
  }

  /** Reads a table. @throws CountriesUnreadable */
  static read(file: string): Countries {
    let text: string;
    try {
      text = readFileSync(file, 'latin1');
    } catch (cause) {
      throw new CountriesUnreadable(`${file} cannot be read`, { cause });
    }
    return new Countries(text);
  }

  /** The country of an address, in two letters (ISO 3166-1); `undefined` where the table says nothing of it. */
  of(address: string): string | undefined {
    const at = numberOf(address);
    if (!at) return undefined;
    const spans = this.spans[at.family];
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.start <= at.value) low = middle + 1;
      else high = middle;
    }
    const found = spans[low - 1];
    return found && at.value < found.end ? found.country : undefined;
  }
}
