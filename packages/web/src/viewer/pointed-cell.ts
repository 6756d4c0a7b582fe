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

/** Milliseconds after which a cell that is still pointed at is told again. */
const again = 1000;

/** Milliseconds without a word after which nobody points any more: the window is gone, or was killed. */
const silence = 3 * again;

/** Links windows that show one set: in space, in its film. Nothing of it leaves the browser. */
export function linkPointed(
  set: string,
  onPointed: (object: number | undefined) => void = () => {},
  limit = silence,
): PointedLink {
  const channel = new BroadcastChannel('micrarium.pointed');
  let over: ReturnType<typeof setTimeout> | undefined;
  let shown: number | undefined;
  const show = (object: number | undefined) => {
    clearTimeout(over);
    if (object !== undefined) over = setTimeout(show, limit, undefined);
    // Told again each second while it is pointed at.
    if (object !== undefined && object === shown) return;
    shown = object;
    onPointed(object);
  };
  channel.onmessage = ({ data }: { data: unknown }) => {
    const { set: told, object } = (data ?? {}) as { set?: unknown; object?: unknown };
    if (told === set) show(typeof object === 'number' ? object : undefined);
  };
  let reminder: ReturnType<typeof setInterval> | undefined;
  const tell = (object: number | undefined) => {
    clearInterval(reminder);
    if (object !== undefined) reminder = setInterval(() => channel.postMessage({ set, object }), again);
    channel.postMessage(object === undefined ? { set } : { set, object });
  };
  // A tab that is closed while it points says so; one that is killed falls silent.
  const leave = () => tell(undefined);
  if (typeof addEventListener === 'function') addEventListener('pagehide', leave);
  return {
    tell,
    close: () => {
      clearInterval(reminder);
      clearTimeout(over);
      if (typeof removeEventListener === 'function') removeEventListener('pagehide', leave);
      channel.close();
    },
  };
}
