import type { ImageDescription } from '@micrarium/model';
import { type ChannelState, formatHexColour, type Histogram, mostChannels, parseHexColour } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';

interface ChannelPanelProps {
  image: ImageDescription;
  channels: ChannelState[];
  histograms: (Histogram | undefined)[];
  onChange(channels: ChannelState[]): void;
  onReset(): void;
}

/** Channels with visibility, colour, histogram and window. */
export function ChannelPanel({ image, channels, histograms, onChange, onReset }: ChannelPanelProps): JSX.Element {
  const text = useText();
  const change = (index: number, part: Partial<ChannelState>) =>
    onChange(channels.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <section aria-labelledby="channels-title">
      <h2 id="channels-title">
        {text('viewer.channels')}
        <button type="button" className="btn quiet sm" onClick={onReset}>
          {text('viewer.reset')}
        </button>
      </h2>
      {channels.slice(0, mostChannels).map((channel, index) => (
        <Channel
          // Channels have no identity but their position.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          name={image.channels[index]?.name || text('viewer.channel', { number: index + 1 })}
          detail={image.channels[index]?.fluorophore}
          channel={channel}
          histogram={histograms[index]}
          onChange={(part) => change(index, part)}
        />
      ))}
      {channels.length > mostChannels ? <p className="s">{text('viewer.onlySix')}</p> : null}
    </section>
  );
}

interface ChannelProps {
  name: string;
  detail: string | undefined;
  channel: ChannelState;
  histogram: Histogram | undefined;
  onChange(part: Partial<ChannelState>): void;
}

function Channel({ name, detail, channel, histogram, onChange }: ChannelProps): JSX.Element {
  const text = useText();
  const [low, high] = channel.window;
  const from = Math.min(histogram?.min ?? low, low);
  const to = Math.max(histogram?.max ?? high, high, from + 1e-9);
  const step = Number.isInteger(low) && Number.isInteger(high) && to - from > 2 ? 1 : (to - from) / 1000;
  return (
    <div className={`ch ${channel.isVisible ? '' : 'off'}`}>
      <div className="ch-head">
        <input
          type="color"
          aria-label={text('viewer.colourOf', { name })}
          value={`#${formatHexColour(channel.colour)}`}
          onChange={(event) => onChange({ colour: parseHexColour(event.target.value) ?? channel.colour })}
        />
        <label>
          <input
            type="checkbox"
            checked={channel.isVisible}
            aria-label={text('viewer.show', { name })}
            onChange={(event) => onChange({ isVisible: event.target.checked })}
          />
          <b>{name}</b> {detail && detail !== name ? <span className="s">{detail}</span> : null}
        </label>
        <span className="s num">{`${writtenNumber(low, 4)} – ${writtenNumber(high, 4)}`}</span>
      </div>
      {histogram ? (
        <HistogramDrawing
          histogram={histogram}
          from={from}
          to={to}
          window={channel.window}
          colour={`#${formatHexColour(channel.colour)}`}
        />
      ) : null}
      <div className="ch-range">
        <input
          type="range"
          aria-label={text('viewer.low', { name })}
          min={from}
          max={to}
          step={step}
          value={low}
          onChange={(event) => onChange({ window: [Math.min(Number(event.target.value), high - step), high] })}
        />
        <input
          type="range"
          aria-label={text('viewer.high', { name })}
          min={from}
          max={to}
          step={step}
          value={high}
          onChange={(event) => onChange({ window: [low, Math.max(Number(event.target.value), low + step)] })}
        />
        {histogram ? (
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => onChange({ window: [histogram.low, Math.max(histogram.high, histogram.low + step)] })}
          >
            {text('viewer.auto')}
          </button>
        ) : null}
      </div>
    </div>
  );
}

/** Logarithmic bars (rare bright pixels are what one looks for) and the window as a ramp. */
function HistogramDrawing({
  histogram,
  from,
  to,
  window,
  colour,
}: {
  histogram: Histogram;
  from: number;
  to: number;
  window: readonly [number, number];
  colour: string;
}): JSX.Element {
  const width = 256;
  const height = 44;
  const at = (value: number) => ((value - from) / (to - from)) * width;
  const top = Math.log1p(Math.max(...histogram.bins)) || 1;
  const binWidth = (at(histogram.max) - at(histogram.min)) / histogram.bins.length;
  const path = [...histogram.bins]
    .map(
      (count, index) => `L${at(histogram.min) + index * binWidth} ${height - (Math.log1p(count) / top) * (height - 4)}`,
    )
    .join('');
  return (
    <svg className="hist" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M${at(histogram.min)} ${height}${path}L${at(histogram.max)} ${height}Z`} fill={colour} opacity="0.55" />
      <path
        d={`M${at(window[0])} ${height}L${at(window[1])} 2`}
        stroke="currentColor"
        strokeDasharray="3 3"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={`M${at(window[0])} 0V${height}M${at(window[1])} 0V${height}`}
        stroke="currentColor"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
