import type { SearchValues } from '../app/search-string.ts';

/** Images on one page. */
export const pageSize = 60;
/** Images that can be looked at side by side. */
export const mostPicked = 4;

/** What the gallery shows: everything stands in the address. */
export interface GalleryState {
  /** Id of a data set; `''` = all. */
  dataset: string;
  /** Part of a name. */
  q: string;
  view: 'wall' | 'list';
  /** From 1. */
  page: number;
  /** Images chosen to be seen side by side, as `item.image`. */
  picked: readonly string[];
}

const listOf = (value: string | string[] | undefined) =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The gallery an address stands for; values nobody offers are taken as the default. */
export function galleryOf(values: SearchValues): GalleryState {
  const one = (name: string) => listOf(values[name])[0] ?? '';
  const page = Number(one('page'));
  const picked = listOf(values['pick']).filter((text) => /^[\w-]+\.\d+$/.test(text));
  return {
    dataset: one('dataset'),
    q: one('q'),
    view: one('view') === 'list' ? 'list' : 'wall',
    page: Number.isInteger(page) && page > 1 ? page : 1,
    picked: [...new Set(picked)].slice(0, mostPicked),
  };
}

/** The address of a gallery; defaults are left out. */
export function addressOf({ dataset, q, view, page, picked }: GalleryState): SearchValues {
  return {
    ...(dataset === '' ? {} : { dataset }),
    ...(q === '' ? {} : { q }),
    ...(view === 'wall' ? {} : { view }),
    ...(page === 1 ? {} : { page: String(page) }),
    ...(picked.length === 0 ? {} : { pick: [...picked] }),
  };
}

/** The gallery with an image taken in or out of those chosen; as it is where no more can be chosen. */
export function withPick(state: GalleryState, image: string): GalleryState {
  const { picked } = state;
  if (picked.includes(image)) return { ...state, picked: picked.filter((one) => one !== image) };
  return picked.length >= mostPicked ? state : { ...state, picked: [...picked, image] };
}

/** Where an arrow key leads among tiles in rows; `undefined` for other keys and at the borders. */
export function tileBeside(at: number, key: string, columns: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const step = steps[key];
  const to = step === undefined ? -1 : at + step;
  return to >= 0 && to < count && to !== at ? to : undefined;
}
