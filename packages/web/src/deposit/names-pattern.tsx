import { missingMembers, parsePattern, readSeries } from '@micrarium/formats';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';

const examplePattern = ['{well}', '{field}', 't{t}', 'c{c}.tif'].join('_');

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
  const parsed = useMemo(() => (pattern === '' ? undefined : parsePattern(pattern)), [pattern]);
  const series = useMemo(() => (typeof parsed === 'object' ? readSeries(parsed, paths) : undefined), [parsed, paths]);
  const roles = Object.entries(series?.axes ?? {});
  const missing = series ? missingMembers(series) : [];
  return (
    <fieldset className="block">
      <legend>{text('names.pattern')}</legend>
      <label className="row w">
        <span className="sr">{text('names.pattern')}</span>
        <span className={`field-in grow ${typeof parsed === 'string' ? 'wrong' : ''}`}>
          <input
            type="text"
            className="mono"
            size={44}
            spellCheck={false}
            value={pattern}
            placeholder={examplePattern}
            aria-invalid={typeof parsed === 'string'}
            onChange={(event) => change(event.target.value)}
          />
        </span>
      </label>
      {typeof parsed === 'string' ? (
        <p className="problem" role="alert">
          {parsed}
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
