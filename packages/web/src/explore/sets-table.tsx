import { type JSX, useState } from 'react';
import { Link } from '../app/router.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { notStated, valueOf } from './comparing.ts';
import type { ExploredSet } from './explore-answer.ts';
import { pagesOf, writtenValue } from './words.ts';

/** Rows drawn before more are asked for. */
const firstRows = 200;

/** A step of more than half the distance to the nearest neighbour makes links doubtful. */
const doubtfulStep = 0.5;

/** The sets behind the dots, and those without: each with its study, its measures and what is needed to compare it. */
export function SetsTable({
  sets,
  measures,
  chosen,
  choose,
}: {
  sets: readonly ExploredSet[];
  measures: readonly string[];
  /** The set whose paths are drawn. */
  chosen: string | undefined;
  choose: (set: ExploredSet) => void;
}): JSX.Element {
  const text = useText();
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? sets : sets.slice(0, firstRows);
  return (
    <section className="part" aria-labelledby="sets-title">
      <h2 className="part" id="sets-title">
        {text('explore.table')}
      </h2>
      {/* Wider than a phone: it scrolls by itself, also with the keyboard. */}
      <div className="tablebox" role="region" aria-labelledby="sets-title" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{text('explore.dataset')}</th>
              <th scope="col">{text('explore.study')}</th>
              {measures.map((id) => (
                <th key={id} scope="col" className="num">
                  {text('explore.mean', { measure: text(measureTitle(id)) })}
                </th>
              ))}
              <th scope="col" className="num">
                {text('explore.paths')}
              </th>
              <th scope="col" className="num">
                {text('explore.interval')}
              </th>
              <th scope="col">{text('explore.dimensions')}</th>
              <th scope="col">{text('explore.software')}</th>
              <th scope="col">{text('facet.organism')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((set) => (
              <SetRow key={set.id} set={set} measures={measures} isChosen={set.id === chosen} choose={choose} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < sets.length ? (
        <button type="button" className="plainlink l" onClick={() => setIsAll(true)}>
          {text('explore.showAll', { count: sets.length })}
        </button>
      ) : null}
    </section>
  );
}

interface RowProps {
  set: ExploredSet;
  measures: readonly string[];
  isChosen: boolean;
  choose: (set: ExploredSet) => void;
}

function SetRow({ set, measures, isChosen, choose }: RowProps): JSX.Element {
  const text = useText();
  const pages = pagesOf(set);
  const isDoubtful = (set.quality?.stepToNeighbour ?? 0) > doubtfulStep;
  return (
    <tr>
      <th scope="row">
        {set.state === 'measured' ? (
          <Link className="l" to={pages.measures} search={pages.search}>
            {set.name}
          </Link>
        ) : (
          set.name
        )}
        {set.paths === null || set.state !== 'measured' ? null : (
          <div className="s">
            <button
              type="button"
              className="plainlink l"
              aria-pressed={isChosen}
              title={text('explore.showPaths', { name: set.name })}
              onClick={() => choose(set)}
            >
              {`${text('explore.paths')}: ${writtenCount(set.paths)}`}
            </button>
          </div>
        )}
        {isDoubtful ? <span className="s warn"> {text('explore.doubtful')}</span> : null}
      </th>
      <td>
        <a className="l" href={pages.study}>
          {set.title || set.accession}
        </a>
      </td>
      {measures.map((id) => (
        <td key={id} className="num">
          <Mean set={set} id={id} />
        </td>
      ))}
      <td className="num">{set.paths === null ? '' : writtenCount(set.paths)}</td>
      <td className="num">{writtenValue('interval', valueOf(set, 'interval'), text)}</td>
      <td>{writtenValue('dimensions', String(set.dimensions), text)}</td>
      <td>{writtenValue('software', set.software || notStated, text)}</td>
      <td>
        <em className="sp">{set.organism.join(', ')}</em>
      </td>
    </tr>
  );
}

function Mean({ set, id }: { set: ExploredSet; id: string }): JSX.Element {
  const text = useText();
  const found = set.measures.find((one) => one.id === id);
  if (!found || found.mean === null) {
    const why = {
      'being-made': 'explore.beingMade',
      'too-large': 'explore.tooLarge',
      measured: 'explore.undefined',
    } as const;
    return <span className="s m2">{text(why[set.state])}</span>;
  }
  const { mean, interval, unit } = found;
  return (
    <>
      {writtenNumber(mean, 4)} {shortUnit(unit)}
      {interval ? (
        <div className="s m2">{`(${writtenNumber(interval.low, 4)} – ${writtenNumber(interval.high, 4)})`}</div>
      ) : null}
    </>
  );
}
