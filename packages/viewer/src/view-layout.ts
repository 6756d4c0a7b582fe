/** Parts of the drawer below the film. */
export const drawerTabs = ['plots', 'tracks', 'objects', 'scatter', 'exports'] as const;

/** What a hand can do on the stage: move, measure a line, an angle or an area, choose the place of the sections. */
export const stageTools = ['move', 'line', 'angle', 'area', 'place'] as const;

/** What a hand does on the stage. */
export type StageTool = (typeof stageTools)[number];

/** Folds of the panel that are closed, or short, unless the address says otherwise. */
const folds = ['raw', 'said'] as const;

/** Which parts of the page around the film are open. */
export interface ViewLayout {
  hasPanel: boolean;
  hasDrawer: boolean;
  tab: (typeof drawerTabs)[number];
  /** Is the raw metadata text open? Left out = no. */
  raw?: true;
  /** Are all annotated regions listed? Left out = the first. */
  said?: true;
}

/** A layout as the address has it: `panel,drawer,plots`. */
export function writeLayout({ hasPanel, hasDrawer, tab, ...more }: ViewLayout): string {
  const open = folds.filter((one) => more[one]);
  return [...(hasPanel ? ['panel'] : []), ...(hasDrawer ? ['drawer'] : []), tab, ...open].join(',');
}

/** The layout an address names; `undefined` where it names none. */
export function readLayout(text: string | null): ViewLayout | undefined {
  const parts = (text ?? '').split(',');
  const tab = drawerTabs.find((one) => parts.includes(one));
  const open = Object.fromEntries(folds.filter((one) => parts.includes(one)).map((one) => [one, true as const]));
  return tab && { hasPanel: parts.includes('panel'), hasDrawer: parts.includes('drawer'), tab, ...open };
}
