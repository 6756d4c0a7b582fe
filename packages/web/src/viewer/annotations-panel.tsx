import type { DrawnRegion, ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** What is said of an image, of what it lies in or of a part of it. */
export interface SaidOfImage {
  on: 'study' | 'dataset' | 'plate' | 'well' | 'image' | 'region' | 'object';
  /** Region or object. */
  part?: string | undefined;
  key: string;
  label: string;
  /** Of a term. */
  id?: string | undefined;
}

/** Annotations of an image, and regions drawn in it. */
export interface Annotated {
  annotations: readonly SaidOfImage[];
  regions: readonly DrawnRegion[];
}

/** From the nearest to the widest. */
const wholes = ['image', 'well', 'plate', 'dataset', 'study'] as const;
/** Rows of regions and objects shown before one asks for all. */
const firstRows = 20;

/** Lines of annotations: what is said, the value, and the accession of a term. */
export function SaidRows({ said }: { said: readonly SaidOfImage[] }): JSX.Element {
  return (
    <dl className="kv">
      {said.map(({ key, label, id }) => (
        <div key={`${key} ${label} ${id ?? ''}`}>
          <dt>{key}</dt>
          <dd>
            {label}
            {id === undefined ? null : <span className="m3 xs block">{id}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is said of the image, its well, plate, data set and study, and of the regions in it. */
export function AnnotationsPanel({
  annotated,
  view,
  change,
  isAll,
  onAll,
}: {
  annotated: Annotated;
  view: ViewState;
  change(part: Partial<ViewState>): void;
  /** Are all regions listed, not only the first? */
  isAll: boolean;
  onAll(): void;
}): JSX.Element | null {
  const text = useText();
  const { annotations, regions } = annotated;
  if (annotations.length === 0 && regions.length === 0) return null;
  const ofRegion = (name: string) => annotations.filter(({ on, part }) => on === 'region' && part === name);
  const drawn = new Set(regions.map(({ name }) => name));
  const names = [
    ...new Set([...drawn, ...annotations.flatMap(({ on, part }) => (on === 'region' && part ? [part] : []))]),
  ];
  const goTo = (name: string) => {
    const shape = regions.find((one) => one.name === name)?.shapes[0];
    if (!shape) return;
    const along = (from: 0 | 1) => shape.path.filter((_, at) => at % 2 === from);
    const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
    change({
      ...(shape.t === undefined ? {} : { t: shape.t }),
      ...(shape.z === undefined ? {} : { z: shape.z }),
      ...(view.camera ? { camera: { ...view.camera, x: middle(along(0)), y: middle(along(1)) } } : {}),
    });
  };
  return (
    <section aria-labelledby="said-title" className="meta" data-testid="annotations">
      <h2 id="said-title">{text('said.title')}</h2>
      {wholes.map((on) => {
        const said = annotations.filter((one) => one.on === on);
        return said.length === 0 ? null : (
          <details key={on} open={on !== 'study' && on !== 'dataset'}>
            <summary>{text(`said.${on}`)}</summary>
            <SaidRows said={said} />
          </details>
        );
      })}
      {names.length > 0 ? (
        <details open>
          <summary>{text('said.regions', { count: names.length })}</summary>
          {regions.length > 0 ? (
            <label className="row">
              <input
                type="checkbox"
                checked={!view.hidesRegions}
                onChange={(event) =>
                  change({ hidesRegions: event.target.checked ? undefined : true } as Partial<ViewState>)
                }
              />
              {text('said.showRegions')}
            </label>
          ) : null}
          {(isAll ? names : names.slice(0, firstRows)).map((name) => (
            <div key={name}>
              <h3>
                {drawn.has(name) ? (
                  <button type="button" className="plainlink" onClick={() => goTo(name)}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </h3>
              <SaidRows said={ofRegion(name)} />
            </div>
          ))}
          {names.length > firstRows && !isAll ? (
            <button type="button" className="btn quiet sm" onClick={onAll}>
              {text('said.all')}
            </button>
          ) : null}
        </details>
      ) : null}
    </section>
  );
}
