/** Colours and shapes of groups: one is told from another also without colours. */
export const groupLooks = [
  { colour: 'var(--d1)', symbol: 'circle', sign: '●' },
  { colour: 'var(--d2)', symbol: 'square', sign: '■' },
  { colour: 'var(--d3)', symbol: 'triangle', sign: '▲' },
  { colour: 'var(--d4)', symbol: 'diamond', sign: '◆' },
  { colour: 'var(--d6)', symbol: 'star', sign: '★' },
  { colour: 'var(--d5)', symbol: 'cross', sign: '✚' },
  { colour: 'var(--d7)', symbol: 'wye', sign: 'Y' },
  { colour: 'var(--d8)', symbol: 'circle', sign: '●' },
] as const;
