import { type ColumnDescription, parseSpaceUnit } from '@micrarium/model';
import { delimitedReader } from '../../tables/delimited/read-delimited.ts';
import type { ColumnMapping, TrackReader } from '../track-reader.ts';
import { trackFileIssue } from '../track-file-issues.ts';
import { describing } from './localizations.ts';

interface Field {
  identifier: string;
  unit: string;
  semantic: string;
}

/** What a field of rapidSTORM is in the model; fields of other meaning are columns. */
const roles: readonly (readonly [RegExp, 'x' | 'y' | 'z' | 'frame'])[] = [
  [/^Position-0-0$/, 'x'],
  [/^Position-1-0$/, 'y'],
  [/^Position-2-0$/, 'z'],
  [/^ImageNumber-0-0$/, 'frame'],
];

/**
 * Reads the localisations of rapidSTORM: a comment line with one XML element a column, then rows separated by blanks.
 * Frames count from 0. Tables of spots that were joined over frames nest elements and are no table: they are refused.
 */
export const rapidStormReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const source = await item.files[0]!.open();
    const head = new TextDecoder('latin1').decode(await source.read(0, 65_536, options.signal));
    const line = head.split(/\r?\n/, 1)[0]!;
    const where = { file: item.path };
    const fields = fieldsOf(line);
    const mapping: ColumnMapping = { frameBase: 0 };
    for (const [at, { identifier }] of fields.entries()) {
      const role = roles.find(([pattern]) => pattern.test(identifier))?.[1];
      if (role) mapping[role] = `#${at + 1}`;
    }
    const isNested = (line.match(/<localizations\b/g)?.length ?? 0) > 1;
    if (mapping.x === undefined || mapping.y === undefined || isNested) {
      const message = isNested
        ? 'the localisations are joined over frames, which is not read; export them unjoined'
        : 'no field of the header is a position in x and y';
      return { issues: [trackFileIssue('no-position-columns', message, { where })] };
    }
    const unit = parseSpaceUnit(fields[Number(mapping.x.slice(1)) - 1]!.unit);
    if (unit) mapping.spaceUnit = unit;
    const describe = <One extends ColumnDescription>(column: One): One => {
      const field = fields[Number(/^#(\d+)$/.exec(column.name)?.[1] ?? 0) - 1];
      if (!field) return column;
      const { identifier, semantic } = field;
      const measured = field.unit === '' || field.unit === 'dimensionless' ? {} : { unit: field.unit };
      return { ...column, name: identifier, ...(semantic === '' ? {} : { description: semantic }), ...measured };
    };
    const { issues } = await delimitedReader.stream(item, describing(sink, 'rapidSTORM', describe), {
      ...options,
      mapping,
    });
    return { issues: issues.filter(({ code }) => code !== 'no-track-column' && code !== 'no-header') };
  },
};

function fieldsOf(line: string): Field[] {
  return Array.from(line.matchAll(/<field\b([^>]*)>/g), ([, attributes]) => {
    const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes!)?.[1] ?? '';
    return { identifier: value('identifier'), unit: value('unit'), semantic: value('semantic') };
  });
}
