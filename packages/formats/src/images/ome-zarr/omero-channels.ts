import type { ChannelDescription } from '@micrarium/model';
import { isObject, type JsonObject, objectsOf } from './group-metadata.ts';

/** Channels as the omero block gives them, tolerant of what programs write; `odd` lists what had to be understood. */
export function readChannels(ome: JsonObject, count: number): { channels: ChannelDescription[]; odd: string[] } {
  const block = isObject(ome['omero']) ? ome['omero'] : {};
  const given = objectsOf(block['channels']);
  const odd = new Set<string>();
  if (given.length > 0 && given.length !== count) odd.add(`${given.length} entries for ${count} channels`);
  const channels = Array.from({ length: count }, (_, n): ChannelDescription => {
    const channel = given[n];
    if (!channel) return { name: '' };
    const name = labelOf(channel['label'], odd);
    const color = colorOf(channel['color'], odd);
    const window = windowOf(channel['window'], odd);
    return { name, ...(color ? { color } : {}), ...(window ? { window } : {}) };
  });
  return { channels, odd: [...odd] };
}

function labelOf(label: unknown, odd: Set<string>): string {
  if (typeof label === 'string') return label;
  if (typeof label !== 'number') return '';
  odd.add('labels that are numbers');
  return String(label);
}

function colorOf(color: unknown, odd: Set<string>): string | undefined {
  if (typeof color !== 'string') return undefined;
  const digits = color.replace(/^#/, '');
  if (digits !== color) odd.add('colours with "#"');
  if (!/^[0-9a-f]{6}([0-9a-f]{2})?$/i.test(digits)) {
    odd.add(`the colour "${color.slice(0, 20)}"`);
    return undefined;
  }
  if (digits.length === 8) odd.add('colours with opacity');
  return digits.slice(0, 6).toUpperCase();
}

function windowOf(window: unknown, odd: Set<string>): { start: number; end: number } | undefined {
  if (!isObject(window)) return undefined;
  const number = (key: string): number | undefined =>
    typeof window[key] === 'number' && Number.isFinite(window[key]) ? window[key] : undefined;
  if (['min', 'max', 'start', 'end'].some((key) => number(key) === undefined)) odd.add('incomplete windows');
  const start = number('start') ?? number('min');
  const end = number('end') ?? number('max');
  return start !== undefined && end !== undefined && end > start ? { start, end } : undefined;
}
