import type { ImageDescription } from '@micrarium/model';
import {
  type ChannelState,
  formatHexColour,
  gammaLimits,
  type Histogram,
  isLookUpTableName,
  lookUpTableNames,
  mostChannels,
  parseHexColour,
  tableGradient,
} from '@micrarium/viewer';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { typedWindow, type WindowEnd, writtenLimit } from './typed-limit.ts';

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
    onChange(channels.map((one, at) => (at === index ? ({ ...one, ...part } as ChannelState) : one)));
  const autoAll = () =>
    onChange(channels.map((one, at) => (histograms[at] ? { ...one, window: autoWindow(histograms[at]) } : one)));
  return (
    <section aria-labelledby="channels-title">
      <h2 id="channels-title">
        {text('viewer.channels')}
        <span>
          {channels.length > 1 ? (
            <button type="button" className="btn quiet sm" onClick={autoAll}>
              {text('viewer.autoAll')}
            </button>
          ) : null}
          <button type="button" className="btn quiet sm" onClick={onReset}>
            {text('viewer.reset')}
          </button>
        </span>
      </h2>
      {channels.map((channel, index) => (
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
      {channels.length > mostChannels ? (
        <p className="s">{text('viewer.mostChannels', { number: mostChannels })}</p>
      ) : null}
    </section>
  );
}

/** The window `auto` sets: all but the darkest and brightest thousandth. */
export function autoWindow(histogram: Histogram): [number, number] {
  const least = histogram.max > histogram.min ? (histogram.max - histogram.min) / 1000 : 1;
  return [histogram.low, Math.max(histogram.high, histogram.low + least)];
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
      </div>
      {histogram ? (
        <HistogramDrawing
          histogram={histogram}
          from={from}
          to={to}
          window={channel.window}
          gamma={channel.gamma ?? 1}
          colour={`#${formatHexColour(channel.colour)}`}
        />
      ) : null}
      <div className="ch-range">
        {(['low', 'high'] as const).map((end) => (
          <Limit
            key={end}
            name={name}
            end={end}
            window={channel.window}
            range={[from, to]}
            step={step}
            onChange={(window) => onChange({ window })}
          />
        ))}
        {histogram ? (
          <button type="button" className="btn quiet sm" onClick={() => onChange({ window: autoWindow(histogram) })}>
            {text('viewer.auto')}
          </button>
        ) : null}
      </div>
      <Look name={name} channel={channel} onChange={onChange} />
    </div>
  );
}

interface LimitProps {
  name: string;
  end: WindowEnd;
  window: readonly [number, number];
  range: readonly [number, number];
  step: number;
  onChange(window: [number, number]): void;
}

/** One end of a channel's window: a slider within the values that occur, and a field for any number. */
function Limit({ name, end, window, range, step, onChange }: LimitProps): JSX.Element {
  const text = useText();
  /** What stands in the field while one types: it may be no number yet. */
  const [typed, setTyped] = useState<string>();
  const [low, high] = window;
  const take = (value: string, isDone: boolean) => {
    const wanted = typedWindow(window, end, value, step, isDone);
    if (wanted) onChange(wanted);
    setTyped(isDone ? undefined : value);
  };
  return (
    <div>
      <input
        type="range"
        aria-label={text(`viewer.${end}`, { name })}
        min={range[0]}
        max={range[1]}
        step={step}
        value={end === 'low' ? low : high}
        onChange={({ target }) =>
          onChange(
            end === 'low'
              ? [Math.min(Number(target.value), high - step), high]
              : [low, Math.max(Number(target.value), low + step)],
          )
        }
      />
      <input
        type="number"
        step={step}
        aria-label={text(end === 'low' ? 'viewer.lowTyped' : 'viewer.highTyped', { name })}
        value={typed ?? writtenLimit(end === 'low' ? low : high)}
        onChange={({ target }) => take(target.value, false)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== undefined) take(typed, true);
        }}
        onBlur={() => {
          if (typed !== undefined) take(typed, true);
        }}
      />
    </div>
  );
}

/** Gamma is set by its logarithm: halving and doubling are equally far from 1. */
const gammaSteps = 40;
const [leastGamma, mostGamma] = gammaLimits.map(Math.log) as [number, number];

/** Look-up table and gamma. */
function Look({ name, channel, onChange }: Pick<ChannelProps, 'name' | 'channel' | 'onChange'>): JSX.Element {
  const text = useText();
  const gamma = channel.gamma ?? 1;
  const lut = channel.lut ?? 'colour';
  const setGamma = (value: number) =>
    onChange({ gamma: Math.abs(value - 1) < 0.04 ? undefined : Number(value.toPrecision(3)) } as Partial<ChannelState>);
  return (
    <div className="ch-look">
      <span className="lutbar" style={{ background: tableGradient(lut, channel.colour) }} aria-hidden="true" />
      <select
        aria-label={text('viewer.tableOf', { name })}
        value={lut}
        onChange={({ target }) =>
          isLookUpTableName(target.value) &&
          onChange({ lut: target.value === 'colour' ? undefined : target.value } as Partial<ChannelState>)
        }
      >
        {lookUpTableNames.map((one) => (
          <option key={one} value={one}>
            {text(`lut.${one}`)}
          </option>
        ))}
      </select>
      <label>
        <span aria-hidden="true">{text('viewer.gamma')}</span>
        <input
          type="range"
          aria-label={text('viewer.gammaOf', { name })}
          aria-valuetext={writtenNumber(gamma, 3)}
          min={0}
          max={gammaSteps}
          step={0.5}
          value={((Math.log(gamma) - leastGamma) / (mostGamma - leastGamma)) * gammaSteps}
          onChange={(event) =>
            setGamma(Math.exp(leastGamma + (Number(event.target.value) / gammaSteps) * (mostGamma - leastGamma)))
          }
          onDoubleClick={() => setGamma(1)}
        />
        <span className="num">{writtenNumber(gamma, 2)}</span>
      </label>
    </div>
  );
}

/** Logarithmic bars (rare bright pixels are what one looks for) and how the window turns values into brightness. */
function HistogramDrawing({
  histogram,
  from,
  to,
  window,
  gamma,
  colour,
}: {
  histogram: Histogram;
  from: number;
  to: number;
  window: readonly [number, number];
  gamma: number;
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
  const curve = Array.from({ length: 17 }, (_, point) => {
    const share = point / 16;
    return `${point === 0 ? 'M' : 'L'}${at(window[0] + share * (window[1] - window[0]))} ${height - share ** gamma * (height - 2)}`;
  }).join('');
  return (
    <svg className="hist" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M${at(histogram.min)} ${height}${path}L${at(histogram.max)} ${height}Z`} fill={colour} opacity="0.55" />
      <path d={curve} fill="none" stroke="currentColor" strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />
      <path
        d={`M${at(window[0])} 0V${height}M${at(window[1])} 0V${height}`}
        stroke="currentColor"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
