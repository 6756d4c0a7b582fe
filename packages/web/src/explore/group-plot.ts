import { plotSize, plotStyle } from '../plots/figure.tsx';
import { groupLooks } from './group-looks.ts';

/** Of a plot of groups: as wide as the page has room for, so that letters keep their size on a phone. */
export const groupFrame = () => ({
  ...plotSize,
  width: Math.min(640, document.documentElement.clientWidth - 40),
  marginLeft: 60,
  style: plotStyle,
});

/** Colours and shapes by group, in the order of the groups. */
export const groupScales = (groups: readonly string[]) => ({
  color: { domain: groups, range: groups.map((_, at) => groupLooks[at]!.colour) },
  symbol: { domain: groups, range: groups.map((_, at) => groupLooks[at]!.symbol) },
});
