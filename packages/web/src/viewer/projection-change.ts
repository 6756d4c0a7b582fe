import type { ChannelState, Projection, ViewState } from '@micrarium/viewer';

/**
 * Windows for another way to put slices together: a sum reaches as many times further as it has slices.
 * @param from what was shown, @param to what will be shown
 */
export function windowsFor(
  channels: ChannelState[],
  from: Projection | undefined,
  to: Projection | undefined,
): ChannelState[] {
  const slices = (one: Projection | undefined) => (one?.kind === 'sum' ? one.to - one.from + 1 : 1);
  const factor = slices(to) / slices(from);
  if (factor === 1) return channels;
  return channels.map((one) => ({ ...one, window: [one.window[0] * factor, one.window[1] * factor] as const }));
}

/** The change of a view that shows another projection, or none. */
export function withProjection(view: ViewState, projection: Projection | undefined): Partial<ViewState> {
  return {
    projection,
    channels: windowsFor(view.channels, view.projection, projection),
  } as Partial<ViewState>;
}
