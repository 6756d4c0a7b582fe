import type { MotionSummary } from '@micrarium/model';
import type { JSX } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

type Quality = MotionSummary['quality'];

/** Values beyond which numbers of motility say more of the tracking than of the cells: motility-measures, section 8. */
const doubtful: Readonly<Partial<Record<keyof Quality, number>>> = {
  gapShare: 0.1,
  shortShare: 0.5,
  stepToNeighbour: 0.5,
};

/** How far the tracks are to be trusted; stands before any number that rests on them. */
export function QualityList({ quality, unit }: { quality: Quality; unit: string }): JSX.Element {
  const text = useText();
  const share = (value: number | null) => (value === null ? '–' : `${writtenNumber(value * 100, 3)} %`);
  const lines: [keyof Quality, string, MessageKey][] = [
    ['gapShare', share(quality.gapShare), 'measures.gapShare'],
    ['shortShare', share(quality.shortShare), 'measures.shortShare'],
    [
      'stepToNeighbour',
      quality.stepToNeighbour === null ? '–' : writtenNumber(quality.stepToNeighbour, 3),
      'measures.stepToNeighbour',
    ],
    ['jumps', writtenNumber(quality.jumps), 'measures.jumps'],
    [
      'localisationError',
      quality.localisationError === null ? '–' : `${writtenNumber(quality.localisationError, 3)} ${shortUnit(unit)}`,
      'measures.localisationError',
    ],
  ];
  return (
    <section aria-labelledby="quality-title">
      <h2 id="quality-title">{text('measures.quality')}</h2>
      <dl className="quality">
        {lines.map(([key, value, words]) => {
          const limit = doubtful[key];
          const isDoubtful = limit !== undefined && (quality[key] ?? 0) > limit;
          return (
            <div key={key} className={isDoubtful ? 'warn' : undefined}>
              <dt className="s m2">{text(words)}</dt>
              <dd className="num">
                {value}
                {isDoubtful ? <span className="s">{text('measures.doubtful')}</span> : null}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
