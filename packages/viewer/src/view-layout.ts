/** Parts of the drawer below the film. */
export const drawerTabs = ['plots', 'tracks', 'objects', 'scatter', 'exports'] as const;

/** Which parts of the page around the film are open. */
export interface ViewLayout {
  hasPanel: boolean;
  hasDrawer: boolean;
  tab: (typeof drawerTabs)[number];
}

/** A layout as the address has it: `panel,drawer,plots`. */
export function writeLayout({ hasPanel, hasDrawer, tab }: ViewLayout): string {
  return [...(hasPanel ? ['panel'] : []), ...(hasDrawer ? ['drawer'] : []), tab].join(',');
}

/** The layout an address names; `undefined` where it names none. */
export function readLayout(text: string | null): ViewLayout | undefined {
  const parts = (text ?? '').split(',');
  const tab = drawerTabs.find((one) => parts.includes(one));
  return tab && { hasPanel: parts.includes('panel'), hasDrawer: parts.includes('drawer'), tab };
}
