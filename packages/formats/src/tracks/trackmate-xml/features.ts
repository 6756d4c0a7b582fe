import { type Column, type TrackSet, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';

/** A column as TrackMate writes it: an attribute with a declaration. */
export interface WrittenFeature {
  column: Column;
  /** Name of the attribute. */
  key: string;
  dimension: string;
  /** Is a declaration written? */
  declared: boolean;
}

/** Units as written into `Model`: the source's spelling where it means the same. */
export function modelUnits(set: TrackSet): { space: string; time: string } {
  const { spaceUnit, timeUnit, sourceSpaceUnit, sourceTimeUnit } = set;
  const keepsSpace = sourceSpaceUnit !== undefined && parseSpaceUnit(sourceSpaceUnit) === spaceUnit;
  const keepsTime = sourceTimeUnit !== undefined && parseTimeUnit(sourceTimeUnit) === timeUnit;
  return {
    space: (keepsSpace ? sourceSpaceUnit : spaceUnit) ?? '',
    time: (keepsTime ? sourceTimeUnit : timeUnit) ?? '',
  };
}

/** Dimension of a unit, as TrackMate has them; `undefined` for a unit that none of them gives. */
function dimensionOf(unit: string | undefined, space: string, time: string): string | undefined {
  if (unit === undefined) return 'NONE';
  if (unit === 'radian') return 'ANGLE';
  if (space !== '') {
    if (unit === space) return 'LENGTH';
    if (unit === `${space}^2`) return 'AREA';
    if (time !== '' && unit === `${space}/${time}`) return 'VELOCITY';
  }
  if (time === '') return undefined;
  if (unit === time) return 'TIME';
  if (unit === `1/${time}`) return 'RATE';
  return unit === `radian/${time}` ? 'ANGLE_RATE' : undefined;
}

/** Attributes with a meaning of their own. */
export const ownAttributes = {
  spot: ['id', 'position_x', 'position_y', 'position_z', 'position_t', 'frame', 'roi_n_points'],
  edge: ['spot_source_id', 'spot_target_id'],
  track: ['track_id'],
} as const;

/** Names that the reader gives to other things, so that a feature of that name is called otherwise. */
export const readerNames = {
  spot: ['object_id', 'frame', 'time', 'x', 'y', 'z', 'link_id', 'track_id'],
  edge: ['source_object_id', 'target_object_id', 'source_track_id', 'link_id', 'track_id', 'gap', 'split', 'merge'],
  track: ['visible', 'source_track_id'],
} as const;

/** How the columns of a table become attributes. */
export function writtenFeatures(
  table: keyof typeof ownAttributes,
  columns: readonly Column[],
  set: TrackSet,
): WrittenFeature[] {
  const units = modelUnits(set);
  const space = set.spaceUnit ?? units.space;
  const time = set.timeUnit ?? units.time;
  const taken = new Set<string>(ownAttributes[table]);
  return columns.map((column) => {
    const isVisible =
      table === 'spot' && column.name === 'visible' && column.type === 'bool' && !taken.has('visibility');
    const wanted = isVisible ? 'VISIBILITY' : attributeName(column, table);
    let key = wanted;
    for (let n = 2; taken.has(key.toLowerCase()); n++) key = `${wanted}_${n}`;
    taken.add(key.toLowerCase());
    const dimension = column.type === 'string' ? 'STRING' : dimensionOf(column.unit, space, time);
    return {
      column,
      key,
      dimension: dimension ?? 'NONE',
      declared: key !== 'name',
    };
  });
}

/** The attribute the source had, where it reads back as this column; else the name in capitals. */
function attributeName({ name, sourceKey }: Column, table: string): string {
  if (name === 'name' && table !== 'edge') return 'name';
  if (sourceKey !== undefined && sourceKey.toLowerCase() === name && /^[A-Za-z_][\w.-]*$/.test(sourceKey))
    return sourceKey;
  const plain = name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .slice(0, 100);
  return /^[A-Z_]/.test(plain) ? plain : `F_${plain}`;
}

/** A declaration: attribute, name, dimension, and whether its values are whole numbers. */
export type Declaration = readonly [key: string, name: string, dimension: string, isInt?: boolean];

/** What every file declares of spots, beside the features of the set. */
export function spotDeclarations(features: readonly WrittenFeature[]): Declaration[] {
  const has = (key: string) => features.some((one) => one.key === key);
  return [
    ...(has('QUALITY') ? [] : ([['QUALITY', 'Quality', 'QUALITY']] as const)),
    ['POSITION_X', 'X', 'POSITION'],
    ['POSITION_Y', 'Y', 'POSITION'],
    ['POSITION_Z', 'Z', 'POSITION'],
    ['POSITION_T', 'T', 'TIME'],
    ['FRAME', 'Frame', 'NONE', true],
    ...(has('RADIUS') ? [] : ([['RADIUS', 'Radius', 'LENGTH']] as const)),
    ...(has('VISIBILITY') ? [] : ([['VISIBILITY', 'Visibility', 'NONE', true]] as const)),
  ];
}

/** One `<Feature>` of the declarations. */
export function declaration({ column, key, dimension }: WrittenFeature): string {
  const name = attributeText(column.description ?? column.name);
  const isInt = column.type === 'int' || column.type === 'bool';
  return `<Feature feature="${key}" name="${name}" shortname="${attributeText(column.name)}" dimension="${dimension}" isint="${isInt}" />`;
}

/** The attribute of a row, with a blank before it; nothing where the value is absent. */
export function attribute({ column, key }: WrittenFeature, row: number): string {
  if (column.missing?.[row] === 1) return '';
  const value = column.values[row]!;
  return ` ${key}="${typeof value === 'string' ? attributeText(value) : value}"`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Control characters, halves of surrogate pairs, and what Unicode keeps free; some of the first XML 1.0 does hold. */
const doubtful = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function isInXml(char: string): boolean {
  const code = char.codePointAt(0)!;
  return code === 9 || code === 10 || code === 13 || (code >= 0x7f && code < 0xd800);
}

/** Text as XML can hold it: other characters are replaced. */
export function heldText(text: string): string {
  return text.replace(doubtful, (char) => (isInXml(char) ? char : '\ufffd'));
}

/** Text as it may stand in an attribute. */
export function attributeText(text: string): string {
  return heldText(text).replace(/[&<>"\n\r\t]/g, (char) => escapes[char]!);
}

/** Has the text characters that XML cannot hold? */
export function losesCharacters(text: string): boolean {
  return (text.match(doubtful) ?? []).some((char) => !isInXml(char));
}
