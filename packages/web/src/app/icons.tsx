import type { JSX } from 'react';

/** Line drawings of 16 × 16; each stands beside a word, so none is read aloud. */
const paths = {
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.500 4.500 0 0 1 9 0zM10.500 10.500l3.500 3.500',
  check: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM5.300 8.200l1.900 1.900 3.600-3.800',
  circle: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  warn: 'M8 2.300 14.300 13H1.700zM8 6.500v3M8 11.300v.1',
  bad: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM6 6l4 4M10 6l-4 4',
  info: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 7.300v3.600M8 5v.1',
  down: 'M8 2.500v8m-3-3 3 3 3-3M3 13.500h10',
  file: 'M4 2h5l3.500 3.500V14H4zM9 2v3.500h3.500',
  film: 'M3.500 3h9A1.500 1.500 0 0 1 14 4.500v7a1.500 1.500 0 0 1-1.500 1.500h-9A1.500 1.500 0 0 1 2 11.500v-7A1.500 1.500 0 0 1 3.500 3zM5 3v10M11 3v10M2 8h12',
  tracks: 'M2 12c3 0 2.500-7 6-7s2.500 5 6 4',
  table: 'M2.500 3h11v10h-11zM2.500 6.500h11M2.500 9.800h11M6.500 6.500V13',
  link: 'M6.500 9.500a2.500 2.500 0 0 0 3.600 0l2.300-2.300a2.550 2.550 0 0 0-3.600-3.600l-.8.8M9.500 6.500a2.500 2.500 0 0 0-3.600 0L3.600 8.800a2.550 2.550 0 0 0 3.600 3.600l.8-.8',
  list: 'M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.1M2.500 8h.1M2.500 12h.1',
  wall: 'M2.500 2.500h4.500v4.500H2.500zM9 2.500h4.500v4.500H9zM2.500 9h4.500v4.500H2.500zM9 9h4.500v4.500H9z',
  code: 'm5 4.500-3.500 3.500L5 11.500M11 4.500l3.500 3.500-3.500 3.500M9.300 3 6.700 13',
  close: 'm4 4 8 8m0-8-8 8',
  chevron: 'm4 6 4 4 4-4',
  person: 'M8 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM3 13.500c.6-2.500 2.500-3.500 5-3.500s4.400 1 5 3.500',
  eye: 'M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8zM9.800 8a1.800 1.800 0 1 1-3.600 0 1.800 1.800 0 0 1 3.600 0z',
  pair: 'M2 5.500h6M2 10.500h6M8 5.500c3 0 3 5 0 5M11 8h3',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  bell: 'M3.500 11.500h9l-1.200-1.700V7a3.300 3.300 0 0 0-6.600 0v2.800zM6.700 13.500a1.400 1.400 0 0 0 2.600 0M8 2.300v1.200',
  plus: 'M8 3v10M3 8h10',
  up: 'm4 10 4-4 4 4',
  cube: 'M8 1.800 13.500 5v6L8 14.200 2.500 11V5zM2.500 5 8 8.200 13.500 5M8 8.200v6',
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof paths;

/** A drawing in the colour of its text. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the house: nine wells, two of them lit. */
export function Brand(): JSX.Element {
  const wells = [3.5, 8.2, 12.9].flatMap((y) => [3.5, 8.2, 12.9].map((x) => ({ x, y })));
  const lit: Record<string, string> = { '12.9 3.5': '#ff3ddb', '8.2 8.2': '#2fe6b8' };
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="4" fill="#0f1213" />
      {wells.map(({ x, y }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width="3.6" height="3.6" rx=".8" fill={lit[`${x} ${y}`] ?? '#5b6467'} />
      ))}
    </svg>
  );
}
