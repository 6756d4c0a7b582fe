import type { ConversionRecord, ImageDescription } from '@micrarium/model';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import {
  acquisitionRows,
  channelRows,
  conversionsOf,
  imageRows,
  instrumentRows,
  type MetadataRow,
} from './metadata-rows.ts';
import type { FilmPlace } from './open-film.ts';

/** The fold of the raw metadata text: open or not, as the address says. */
export interface RawFold {
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
}

interface MetadataPanelProps {
  /** What the deposited file says of the image: more than the stored form can hold. */
  image: ImageDescription;
  /** Index of the image in its item. */
  index: number;
  raw: RawFold;
  /** Left out for an image that is of no study. */
  source?: {
    place: FilmPlace;
    path: string;
    format: string;
    conversions: readonly ConversionRecord[];
  };
}

function Rows({ rows }: { rows: readonly MetadataRow[] }): JSX.Element {
  const text = useText();
  return (
    <dl className="kv">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{text(name)}</dt>
          <dd className={value === undefined ? 'm3' : 'num'}>{value ?? text('viewer.unknown')}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is known of the image: recording, microscope, channels, the raw text where it was released, and how it was converted. */
export function MetadataPanel({ image, index, raw, source }: MetadataPanelProps): JSX.Element {
  const text = useText();
  const channels = image.channels.map((channel, at) => ({
    name: channel.name || text('viewer.channel', { number: at + 1 }),
    rows: channelRows(channel),
  }));
  const hasRaw = source?.conversions.some(({ recipe }) => recipe === 'raw-metadata') === true;
  return (
    <section className="meta" aria-labelledby="image-title">
      <h2 id="image-title">{text('viewer.image')}</h2>
      <Rows rows={imageRows(image)} />
      <details open>
        <summary>{text('meta.acquisition')}</summary>
        <Rows rows={acquisitionRows(image)} />
      </details>
      <details open>
        <summary>{text('meta.instrument')}</summary>
        <Rows rows={instrumentRows(image)} />
      </details>
      {channels.length > 0 ? (
        <details>
          <summary>{text('meta.channels', { count: channels.length })}</summary>
          {channels.map(({ name, rows }, at) => (
            <div key={`${at} ${name}`}>
              <h3>{name}</h3>
              {rows.length > 0 ? <Rows rows={rows} /> : <p className="m3 xs">{text('meta.onlyNamed')}</p>}
            </div>
          ))}
        </details>
      ) : null}
      {source ? (
        <details>
          <summary>{text('meta.provenance')}</summary>
          <dl className="kv">
            <div>
              <dt>{text('meta.original')}</dt>
              <dd>
                {source.path} <span className="m3">{source.format}</span>
              </dd>
            </div>
          </dl>
          {conversionsOf(source.conversions, index).map(({ recipe, name, rows }) => (
            <div key={name}>
              <h3>{recipe ? text(recipe) : name}</h3>
              <Rows rows={rows} />
            </div>
          ))}
        </details>
      ) : null}
      {source && hasRaw ? <RawText place={source.place} raw={raw} /> : null}
      {source && !hasRaw ? <p className="m3 xs">{text('meta.noRaw')}</p> : null}
    </section>
  );
}

/** Bytes of the raw text shown in the panel; the whole of it is a link away. */
const shownBytes = 100_000;

async function startOfText(url: string, signal: AbortSignal): Promise<{ text: string; size: number }> {
  const answer = await fetch(url, { headers: { range: `bytes=0-${shownBytes - 1}` }, signal });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const text = await answer.text();
  const size = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? text.length);
  return { text, size };
}

/** The metadata text as the file holds it, asked for when it is opened. */
function RawText({ place, raw: fold }: { place: FilmPlace; raw: RawFold }): JSX.Element {
  const { isOpen, onToggle } = fold;
  const text = useText();
  const url = api.url(routes.getItemContent, { params: { ...place, path: 'raw-metadata.txt' } });
  const raw = useAnswer({
    queryKey: ['raw-metadata', place],
    queryFn: ({ signal }) => startOfText(url, signal),
    enabled: isOpen,
  });
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        if (event.currentTarget.open !== isOpen) onToggle(event.currentTarget.open);
      }}
    >
      <summary>{text('meta.raw')}</summary>
      {raw.error ? <p className="problem">{text('meta.rawFailed', { message: raw.error.message })}</p> : null}
      {raw.data ? (
        <>
          <pre className="code raw" tabIndex={0} aria-label={text('meta.raw')}>
            {raw.data.text}
          </pre>
          <p className="xs">
            <a className="l" href={url}>
              {text('meta.rawAll', { size: writtenBytes(raw.data.size) })}
            </a>
          </p>
        </>
      ) : null}
    </details>
  );
}
