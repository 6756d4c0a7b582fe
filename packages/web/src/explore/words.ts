import { metadataFieldById } from '@micrarium/standards';
import { language, type MessageKey, type text as Text } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenLicence } from '../search/study-words.tsx';
import { notStated, otherGroups } from './comparing.ts';
import type { DifferenceName, GroupName } from './explore-state.ts';

/** Names of fields and of what may differ. */
export const fieldTitles: Readonly<Record<Exclude<GroupName, `field:${string}`> | DifferenceName, MessageKey>> = {
  organism: 'facet.organism',
  cellType: 'facet.cellType',
  condition: 'facet.condition',
  method: 'facet.method',
  licence: 'facet.licence',
  year: 'facet.year',
  dimensions: 'explore.dimensions',
  software: 'explore.software',
  study: 'explore.study',
  interval: 'explore.interval',
  gaps: 'explore.gaps',
  units: 'explore.units',
  definition: 'explore.definition',
};

/** The name of a field that dots are coloured by. */
export const groupTitle = (name: GroupName, text: typeof Text): string =>
  name.startsWith('field:')
    ? titleOf(name.slice('field:'.length))
    : text(fieldTitles[name as Exclude<GroupName, `field:${string}`>]);

/** A field of the metadata in the language of the page. */
export const titleOf = (field: string): string => metadataFieldById(field)?.label[language()] ?? field;

/** Why numbers that differ in this are not the same. */
export const differenceReasons: Readonly<Record<DifferenceName, MessageKey>> = {
  interval: 'explore.intervalWhy',
  dimensions: 'explore.dimensionsWhy',
  software: 'explore.softwareWhy',
  gaps: 'explore.gapsWhy',
  units: 'explore.unitsWhy',
  definition: 'explore.definitionWhy',
};

/** A value of a field as people read it. */
export function writtenValue(name: GroupName | DifferenceName, value: string, text: typeof Text): string {
  if (value === notStated) return text('explore.notStated');
  if (value === otherGroups) return text('explore.otherGroups');
  if (name === 'licence') return writtenLicence(value);
  if (name === 'dimensions') return `${value}D`;
  if (name === 'interval') return shortUnit(value);
  if (name === 'units') return value.split(', ').map(shortUnit).join(', ');
  if (name === 'gaps')
    return value
      .split(', ')
      .map((policy) => (policy === 'keep' || policy === 'drop' ? text(`explore.${policy}`) : policy))
      .join(', ');
  return value;
}

/** Addresses of the pages of a set. */
export const pagesOf = (set: { accession: string; version: number; item: string; part: number }) => ({
  measures: `/measures/${set.accession}/${set.version}/${set.item}` as const,
  study: `/studies/${set.accession}/v/${set.version}`,
  search: set.part === 0 ? {} : { part: set.part },
});
