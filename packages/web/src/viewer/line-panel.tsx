import type { ImageDescription } from '@micrarium/model';
import {
  drawnChannels,
  formatHexColour,
  type ImageSource,
  lineLength,
  lineProfile,
  type LineProfile,
  projectedSource,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { saveText } from './save.ts';

interface LinePanelProps {
  source: ImageSource;
  view: ViewState;
  onChange(line: ViewState['line']): void;
}

/** Milliseconds a line rests before its profile is read. */
const restTime = 120;

type Profiles = (LineProfile | undefined)[];

/** Profiles of all visible channels along the measured line. */
function useProfiles(source: ImageSource, view: ViewState): Profiles {
  const [profiles, setProfiles] = useState<Profiles>([]);
  const { line, t, z, other, projection } = view;
  const drawn = new Set(drawnChannels(view.channels));
  const shown = view.channels.map((channel, c) => channel.isVisible && drawn.has(c));
  const key = JSON.stringify([line, t, projection ?? z, other, shown]);
  const from = useMemo(() => (projection ? projectedSource(source, projection) : source), [source, projection]);
  useEffect(() => {
    if (!line) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const plane = { t, z: projection ? 0 : z, ...(other ? { other } : {}) };
      void Promise.all(
        shown.map((isShown, c) =>
          isShown ? lineProfile(from, { ...plane, c }, line, stop.signal).catch(() => undefined) : undefined,
        ),
      ).then((made) => {
        if (!stop.signal.aborted) setProfiles(made);
      });
    }, restTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // What is read is told by the key.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [from, key]);
  return line ? profiles : [];
}

/** Length of the measured line and the values along it. */
export function LinePanel({ source, view, onChange }: LinePanelProps): JSX.Element | null {
  const text = useText();
  const profiles = useProfiles(source, view);
  const { line } = view;
  if (!line) return null;
  const image = source.description;
  const length = lineLength(line, image);
  const pixels = Math.hypot(line.x2 - line.x1, line.y2 - line.y1);
  const written = `${writtenNumber(length.value, 5)} ${shortUnit(length.unit)}`;
  return (
    <section aria-labelledby="line-title">
      <h2 id="line-title">
        {text('viewer.line')}
        <span>
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => saveText('profile.csv', 'text/csv', profileCsv(profiles, image, length))}
          >
            {text('viewer.csv')}
          </button>
          <button
            type="button"
            className="btn quiet sm"
            aria-label={text('viewer.lineClear')}
            onClick={() => onChange(undefined)}
          >
            {'×'}
          </button>
        </span>
      </h2>
      <dl className="kv" aria-live="polite">
        <div>
          <dt>{text('viewer.length')}</dt>
          <dd className="num" data-testid="line-length">
            {length.unit === 'pixel' ? written : `${written} (${writtenNumber(pixels, 5)} px)`}
          </dd>
        </div>
      </dl>
      <ProfileDrawing profiles={profiles} view={view} end={written} />
      <div className="ends">
        {(['x1', 'y1', 'x2', 'y2'] as const).map((part) => (
          <label key={part}>
            <span>{part}</span>
            <input
              type="number"
              step={1}
              value={Number(line[part].toFixed(1))}
              onChange={(event) => onChange({ ...line, [part]: Number(event.target.value) || 0 })}
            />
          </label>
        ))}
      </div>
    </section>
  );
}

/** Distance and value of every channel, in columns. */
export function profileCsv(
  profiles: Profiles,
  image: ImageDescription,
  length: { value: number; unit: string },
): string {
  const shown = profiles.flatMap((profile, channel) => (profile ? [{ profile, channel }] : []));
  const first = shown[0]?.profile;
  if (!first) return '';
  const quoted = (name: string) => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const names = shown.map(({ channel }) => quoted(image.channels[channel]?.name || `channel ${channel + 1}`));
  const last = first.distance.at(-1) || 1;
  const rows = [...first.distance].map((distance, at) =>
    [(distance / last) * length.value, ...shown.map(({ profile }) => profile.values[at])].join(','),
  );
  return [`distance (${length.unit}),${names.join(',')}`, ...rows].join('\n');
}

const size = { width: 272, height: 96 };

function ProfileDrawing({
  profiles,
  view,
  end,
}: {
  profiles: Profiles;
  view: ViewState;
  end: string;
}): JSX.Element | null {
  const text = useText();
  const values = profiles.flatMap((profile) => (profile ? [...profile.values].filter(Number.isFinite) : []));
  if (values.length === 0) return null;
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const path = ({ values: along }: LineProfile) =>
    [...along]
      .map((value, at) =>
        Number.isFinite(value)
          ? `${at > 0 && Number.isFinite(along[at - 1]) ? 'L' : 'M'}${((at / Math.max(1, along.length - 1)) * size.width).toFixed(1)} ${(size.height - 2 - ((value - low) / (high - low || 1)) * (size.height - 4)).toFixed(1)}`
          : '',
      )
      .join('');
  return (
    <figure className="profile">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text('viewer.profile', { low: writtenNumber(low, 4), high: writtenNumber(high, 4) })}
      >
        {profiles.map((profile, channel) =>
          profile ? (
            <path
              // A channel has no identity but its position.
              // oxlint-disable-next-line react/no-array-index-key
              key={channel}
              d={path(profile)}
              fill="none"
              stroke={`#${formatHexColour(view.channels[channel]!.colour)}`}
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
            />
          ) : null,
        )}
      </svg>
      <figcaption className="num">
        <span>{`${writtenNumber(low, 4)} – ${writtenNumber(high, 4)}`}</span>
        <span>{end}</span>
      </figcaption>
    </figure>
  );
}
