import { missingMembers, nameRoles, type PatternFault, readPattern, readSeries } from '@micrarium/formats';
import { type JSX, useMemo } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';

const examplePattern = ['{well}', '{field}', 't{t}', 'c{c}.tif'].join('_');

const faultWords: Record<PatternFault['kind'], MessageKey> = {
  unclosed: 'names.faultUnclosed',
  folder: 'names.faultFolder',
  unknown: 'names.faultUnknown',
  twice: 'names.faultTwice',
  touching: 'names.faultTouching',
  empty: 'names.faultEmpty',
};

/** Rows of the tables; the rest is counted. */
export const fewRows = 8;

/** The pattern of a series of files: what it reads, which members are missing, which names do not fit. */
export function PatternPart({
  paths,
  pattern,
  change,
}: {
  paths: readonly string[];
  pattern: string;
  change: (pattern: string) => void;
}): JSX.Element {
  const text = useText();
  const read = useMemo(() => (pattern === '' ? undefined : readPattern(pattern)), [pattern]);
  const fault = read && 'kind' in read ? read : undefined;
  const series = useMemo(() => (read && !('kind' in read) ? readSeries(read, paths) : undefined), [read, paths]);
  const roles = Object.entries(series?.axes ?? {});
  const missing = series ? missingMembers(series) : [];
  return (
    <fieldset className="block">
      <legend>{text('names.pattern')}</legend>
      <label className="row w">
        <span className="sr">{text('names.pattern')}</span>
        <span className={`field-in grow ${fault ? 'wrong' : ''}`}>
          <input
            type="text"
            className="mono"
            size={44}
            spellCheck={false}
            value={pattern}
            placeholder={examplePattern}
            aria-invalid={fault !== undefined}
            onChange={(event) => change(event.target.value)}
          />
        </span>
      </label>
      {fault ? (
        <p className="problem" role="alert">
          {text(faultWords[fault.kind], {
            part: fault.parts[0] ?? '',
            next: fault.parts[1] ?? '',
            known: nameRoles.map((role) => `{${role}}`).join(', '),
          })}
        </p>
      ) : null}
      {series ? (
        <>
          <p className="s" role="status">
            {text('names.fits', { count: series.read.length, all: paths.length })}
          </p>
          {roles.length > 0 ? (
            <table className="t">
              <thead>
                <tr>
                  <th>{text('names.part')}</th>
                  <th>{text('names.values')}</th>
                </tr>
              </thead>
              <tbody>
                {roles.map(([role, values]) => (
                  <tr key={role}>
                    <td className="mono">{`{${role}}`}</td>
                    <td>
                      {values.slice(0, fewRows).join(', ')}
                      {values.length > fewRows ? ` … (${values.length})` : ''}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
          <NameList
            title={text('names.missing', { count: series.missing.length })}
            names={missing.map((one) => one.where.file!)}
          />
          <NameList title={text('names.unread', { count: series.unread.length })} names={series.unread} />
        </>
      ) : null}
    </fieldset>
  );
}

/** A few names under a title; nothing where there are none. */
function NameList({ title, names }: { title: string; names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null;
  return (
    <>
      <p className="s m2">{title}</p>
      <ul className="s mono">
        {names.slice(0, fewRows).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > fewRows ? <li>…</li> : null}
      </ul>
    </>
  );
}
