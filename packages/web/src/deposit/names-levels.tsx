import { type LevelRole, levelRoles, readFolders } from '@micrarium/formats';
import { type JSX, useMemo } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { fewRows } from './names-pattern.tsx';

const levelWords: Record<LevelRole, MessageKey> = {
  study: 'names.study',
  'data set': 'names.dataset',
  condition: 'names.condition',
  plate: 'names.plate',
  well: 'names.well',
  replicate: 'names.replicate',
  ignored: 'names.ignored',
};

/** One path of each folder, up to the rows that are shown. */
function differentFolders(paths: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    if (folder !== '' && !found.has(folder)) found.set(folder, path);
    if (found.size >= fewRows) break;
  }
  return [...found.values()];
}

/** What each level of folders is; nothing where there are no folders. */
export function LevelsPart({
  paths,
  levels,
  change,
}: {
  paths: readonly string[];
  levels: readonly LevelRole[];
  change: (levels: LevelRole[]) => void;
}): JSX.Element | null {
  const text = useText();
  const depth = useMemo(() => paths.reduce((most, path) => Math.max(most, path.split('/').length - 1), 0), [paths]);
  const read = useMemo(() => readFolders(levels, differentFolders(paths)), [levels, paths]);
  if (depth === 0) return null;
  const shown = Array.from({ length: Math.min(depth, 12) }, (_, n): LevelRole => levels[n] ?? 'ignored');
  return (
    <fieldset className="block">
      <legend>{text('names.folders')}</legend>
      <div className="row w">
        {shown.map((role, level) => (
          // oxlint-disable-next-line react/no-array-index-key
          <label key={level} className="row">
            <span>{text('names.level', { count: level + 1 })}</span>
            <select
              className="sel sm"
              value={role}
              onChange={(event) =>
                change(shown.map((one, n) => (n === level ? (event.target.value as LevelRole) : one)))
              }
            >
              {levelRoles.map((one) => (
                <option key={one} value={one}>
                  {text(levelWords[one])}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <ul className="s">
        {read.map(({ path, values }) => (
          <li key={path}>
            <span className="mono">{path.slice(0, path.lastIndexOf('/'))}</span>
            {Object.keys(values).length > 0 ? ': ' : ''}
            {Object.entries(values)
              .map(([role, value]) => `${text(levelWords[role as LevelRole])} ${value}`)
              .join(', ')}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
