import type { ChannelDescription } from '@micrarium/model';

const manyChannels = ['00FFFF', 'FF00FF', 'FFFF00', '00FF00', 'FF0000', '0000FF'] as const;
const brightField = /bright.?field|transmi|phase|dic\b|\bbf\b|\btl\b/i;

function byEmission(nanometers: number): string {
  if (nanometers < 490) return '0000FF';
  if (nanometers < 540) return '00FF00';
  if (nanometers < 580) return 'FFFF00';
  if (nanometers < 640) return 'FF4000';
  return 'FF00FF';
}

/**
 * Colours to show channels in, six hex digits each: the file's own; else by emission wavelength; else white for one
 * channel, green and magenta for two, and a fixed sequence for more. Transmitted light is white.
 */
export function channelColors(channels: readonly ChannelDescription[]): string[] {
  return channels.map((channel, n) => {
    if (channel.color) return channel.color.toUpperCase();
    if (brightField.test(channel.name) || brightField.test(channel.contrastMethod ?? '')) return 'FFFFFF';
    if (channel.emissionNanometers) return byEmission(channel.emissionNanometers);
    if (channels.length === 1) return 'FFFFFF';
    if (channels.length === 2) return n === 0 ? '00FF00' : 'FF00FF';
    return manyChannels[n % manyChannels.length]!;
  });
}
