import { lookUpTable, tableSteps } from './look-up-tables.ts';
import type { ChannelState } from './view-state.ts';

/** Channels drawn at once: Viv has room for ten. */
export const mostChannels = 10;

/**
 * Which channels are drawn, by their number in the image: all of them; of more than ten the first ten that are visible, and
 * hidden ones for the rest, so that their number stays the same.
 */
export function drawnChannels(channels: readonly Pick<ChannelState, 'isVisible'>[]): number[] {
  const all = channels.map((_, c) => c);
  if (all.length <= mostChannels) return all;
  const [visible, hidden] = [true, false].map((wanted) => all.filter((c) => channels[c]!.isVisible === wanted));
  return [...visible!, ...hidden!].slice(0, mostChannels).sort((a, b) => a - b);
}

/** How channels are turned into colours, as a graphics card takes it. */
export interface ChannelLook {
  /** One row of `tableSteps` RGBA colours a channel; all black where the channel is hidden. */
  table: Uint8Array;
  /** Exponent on brightness, one a channel. */
  gammas: number[];
}

/** Smallest and largest exponent the page offers and the address is believed. */
export const gammaLimits = [0.1, 5] as const;

/** The look of channels: their tables under each other, and their exponents. */
export function channelLook(channels: readonly ChannelState[]): ChannelLook {
  const table = new Uint8Array(channels.length * tableSteps * 4);
  for (const [index, channel] of channels.entries())
    if (channel.isVisible) table.set(lookUpTable(channel.lut ?? 'colour', channel.colour), index * tableSteps * 4);
  return { table, gammas: channels.map((channel) => channel.gamma ?? 1) };
}

/**
 * Brightness between 0 and 1 of a pixel value: its place in the window, raised to gamma. Gamma below 1 lifts the dark parts, as
 * in ImageJ.
 */
export function brightnessOf(value: number, channel: Pick<ChannelState, 'window' | 'gamma'>): number {
  const [low, high] = channel.window;
  const share = (value - low) / Math.max(high - low, Number.MIN_VALUE);
  return Math.min(1, Math.max(0, share)) ** (channel.gamma ?? 1);
}

/**
 * Paints planes of the same size, one a channel, into RGBA as the stage does it: tables are looked up and colours added. It is what
 * the graphics card is compared with, and what paints where there is none (sections through a stack).
 */
export function paintPlanes(
  planes: readonly (ArrayLike<number> | undefined)[],
  channels: readonly ChannelState[],
  pixels: number,
): Uint8ClampedArray<ArrayBuffer> {
  const painted = new Uint8ClampedArray(pixels * 4);
  for (let at = 3; at < painted.length; at += 4) painted[at] = 255;
  for (const [index, channel] of channels.entries()) {
    const plane = planes[index];
    if (!plane || !channel.isVisible) continue;
    const table = lookUpTable(channel.lut ?? 'colour', channel.colour);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = plane[pixel]!;
      if (value !== value) continue;
      const entry = Math.round(brightnessOf(value, channel) * (tableSteps - 1)) * 4;
      painted[pixel * 4]! += table[entry]!;
      painted[pixel * 4 + 1]! += table[entry + 1]!;
      painted[pixel * 4 + 2]! += table[entry + 2]!;
    }
  }
  return painted;
}
