import type { FilmPlace } from './open-film.ts';

/** A set of objects, the same in every window that shows it. */
export const keyOfSet = ({ accession, version, item }: FilmPlace, part: number): string =>
  `${accession} ${version} ${item} ${part}`;

/** Tells other windows of this browser which cell of a set is pointed at, and hears of it from them. */
export interface PointedLink {
  /** @param object id of an object of the cell; `undefined` for none any more */
  tell(object: number | undefined): void;
  close(): void;
}

/** Links windows that show one set: in space, in its film. Nothing of it leaves the browser. */
export function linkPointed(set: string, onPointed: (object: number | undefined) => void = () => {}): PointedLink {
  const channel = new BroadcastChannel('micrarium.pointed');
  channel.onmessage = ({ data }: { data: unknown }) => {
    const { set: told, object } = (data ?? {}) as { set?: unknown; object?: unknown };
    if (told === set) onPointed(typeof object === 'number' ? object : undefined);
  };
  return {
    tell: (object) => channel.postMessage(object === undefined ? { set } : { set, object }),
    close: () => channel.close(),
  };
}
