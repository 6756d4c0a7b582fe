import { type JSX, useMemo, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { FindingList } from './finding-list.tsx';
import type { Chosen, Listing } from './import-answers.ts';

type Offered = Listing['files'][number] & { problem?: 'link' | 'unreachable' | 'name' };

/** Longer lists are looked through by the filter. */
const mostShown = 300;

/** What a source offers, to be looked through: all of it is chosen but what is there already or cannot be brought. */
export function ImportChoice(props: { listing: Listing; isBusy: boolean; start(files: Chosen): void }): JSX.Element {
  const { listing, isBusy, start } = props;
  const text = useText();
  const files = useMemo(() => offeredOf(listing), [listing]);
  const [chosen, setChosen] = useState(
    () => new Set(files.filter(({ problem, isThere }) => !problem && !isThere).map(({ path }) => path)),
  );
  const [filter, setFilter] = useState('');
  const fitting = useMemo(() => {
    const words = filter.trim().toLowerCase();
    return words === '' ? files : files.filter(({ path }) => path.toLowerCase().includes(words));
  }, [files, filter]);
  const taken = files.filter(({ path }) => chosen.has(path));
  const bytes = taken.reduce((sum, { size = 0 }) => sum + size, 0);
  const set = (paths: readonly string[], isChosen: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      for (const path of paths) {
        if (isChosen) after.add(path);
        else after.delete(path);
      }
      return after;
    });
  const those = fitting.flatMap(({ path, problem }) => (problem ? [] : [path]));
  if (files.length === 0) return <p className="s m2">{text('import.none')}</p>;
  return (
    <div className="offered">
      {listing.isCut ? (
        <p className="finding warn">
          <Icon name="warn" />
          <span>{text('import.cut')}</span>
        </p>
      ) : null}
      <FindingList issues={listing.issues} />
      <div className="row w">
        <span className="field-in">
          <input
            type="search"
            aria-label={text('import.filter')}
            placeholder={text('import.filter')}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </span>
        <button type="button" className="btn sm" onClick={() => set(those, true)}>
          {text('import.all')}
        </button>
        <button type="button" className="btn sm" onClick={() => set(those, false)}>
          {text('import.noneOf')}
        </button>
      </div>
      <OfferedTable files={fitting.slice(0, mostShown)} chosen={chosen} set={set} />
      {fitting.length > mostShown ? (
        <p className="s m2">{text('import.more', { count: fitting.length - mostShown })}</p>
      ) : null}
      <p className="row w">
        <button
          type="button"
          className="btn primary"
          disabled={isBusy || taken.length === 0}
          onClick={() => start(taken.map(({ path, size }) => (size === undefined ? { path } : { path, size })))}
        >
          {text('import.start', { count: taken.length })}
        </button>
        <span className="s m2 num" role="status">
          {text('import.chosen', { count: taken.length, all: files.length, size: writtenBytes(bytes) })}
        </span>
      </p>
    </div>
  );
}

function OfferedTable(props: {
  files: readonly Offered[];
  chosen: ReadonlySet<string>;
  set(paths: readonly string[], isChosen: boolean): void;
}): JSX.Element {
  const { files, chosen, set } = props;
  const text = useText();
  return (
    <div className="scroll">
      <table className="t">
        <thead>
          <tr>
            <th scope="col">{text('import.name')}</th>
            <th scope="col" className="r">
              {text('import.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, size, isThere, problem }) => (
            <tr key={path}>
              <td>
                <label className="pick">
                  <input
                    type="checkbox"
                    checked={chosen.has(path)}
                    disabled={problem !== undefined}
                    onChange={(event) => set([path], event.target.checked)}
                  />
                  <span>
                    {path}
                    {isThere ? <small className="m3"> {text('import.there')}</small> : null}
                    {problem ? <small className="m3"> {text(`import.fault.${problem}`)}</small> : null}
                  </span>
                </label>
              </td>
              <td className="r num">{size === undefined ? text('import.unknownSize') : writtenBytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Files with what is in their way: the source's reason, or a name that cannot be kept. */
function offeredOf({ files, issues }: Listing): Offered[] {
  const wrong = new Set(issues.flatMap(({ where }) => where.file ?? []));
  return files.map((file) => {
    const problem = file.fault ?? (wrong.has(file.path.normalize('NFC')) ? ('name' as const) : undefined);
    return problem ? { ...file, problem } : file;
  });
}
