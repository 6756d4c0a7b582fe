import type { JSX } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import type { Measured } from './objects-over-time.tsx';

/** Values beyond which numbers of motility say more of the tracking than of the cells: motility-measures, section 8. */
const mostGaps = 0.1;
const mostShort = 0.5;
const mostStep = 0.5;

/** Degrees between steps of neighbours under which one cell may have been tracked twice; 90 where they do not mind each other. */
const leastAngle = 60;

/** Pairs a ring around an object needs to say something, where any has so many. */
const leastPairs = 30;

interface Line {
  name: MessageKey;
  /** `null` where it has none: then `without` says why. */
  value: string | null;
  without: MessageKey;
  isDoubtful?: boolean;
}

/** How far the tracks are to be trusted; stands before any number that rests on them. */
export function QualityList({ measures }: { measures: Measured }): JSX.Element {
  const text = useText();
  return (
    <section aria-labelledby="quality-title">
      <h2 id="quality-title">{text('measures.quality')}</h2>
      <dl className="quality">
        {linesOf(measures).map(({ name, value, without, isDoubtful = false }) => (
          <div key={name} className={isDoubtful ? 'warn' : undefined}>
            <dt className="s m2">{text(name)}</dt>
            {value === null ? (
              <dd className="s m2">{`${text('population.none')}: ${text(without)}`}</dd>
            ) : (
              <dd className="num">
                {value}
                {isDoubtful ? <span className="s">{text('measures.doubtful')}</span> : null}
              </dd>
            )}
          </div>
        ))}
      </dl>
    </section>
  );
}

function linesOf({ summary, collective, units }: Measured): Line[] {
  const { quality } = summary;
  const length = shortUnit(units.length);
  const number = (value: number) => writtenNumber(value, 3);
  const given = (value: number | null, write: (value: number) => string) => (value === null ? null : write(value));
  const share = (value: number | null) => given(value, (known) => `${number(known * 100)} %`);
  const { detections } = quality;
  const drift = collective.numbers.find(({ id }) => id === 'hotelling_t2')?.value ?? null;
  const p = given(drift, (value) => ` (p ${value < 0.001 ? '< 0.001' : `= ${writtenNumber(value, 2)}`})`) ?? '';
  const rings = collective.curves.cellPairs.filter(({ value }) => value !== null);
  const radians = (rings.find(({ pairs }) => pairs >= leastPairs) ?? rings[0])?.value ?? null;
  const angle = radians === null ? null : (radians * 180) / Math.PI;
  return [
    {
      name: 'measures.detections',
      value: detections && `${number(detections.mean)} (${number(detections.least)} … ${number(detections.most)})`,
      without: 'reason.no-objects',
    },
    {
      name: 'measures.gapShare',
      value: share(quality.gapShare),
      without: 'reason.no-step',
      isDoubtful: (quality.gapShare ?? 0) > mostGaps,
    },
    {
      name: 'measures.shortShare',
      value: share(quality.shortShare),
      without: 'reason.no-path',
      isDoubtful: (quality.shortShare ?? 0) > mostShort,
    },
    {
      name: 'measures.stepToNeighbour',
      value: given(quality.stepToNeighbour, number),
      without: 'measures.noNeighbour',
      isDoubtful: (quality.stepToNeighbour ?? 0) > mostStep,
    },
    { name: 'measures.jumps', value: writtenNumber(quality.jumps), without: 'reason.no-step' },
    {
      name: 'measures.localisationError',
      value: given(quality.localisationError, (value) => `${number(value)} ${length}`),
      without: 'measures.noIntercept',
    },
    {
      name: 'measures.neighbourAngle',
      value: given(angle, (value) => `${number(value)}°`),
      without: 'measures.noNearSteps',
      isDoubtful: angle !== null && angle < leastAngle,
    },
    {
      name: 'measures.drift',
      value: given(quality.drift, (value) => `${number(value)} ${length}${p}`),
      without: 'reason.no-step',
    },
  ];
}
