import {
  type CoordinateMapping,
  type ImageDescription,
  type Pair,
  type StudyItem,
  type TrackSetSummary,
  type TrackingMethod,
  checkPair,
  mappingFor,
} from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import type { DraftItem, DraftPair } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import { FindingList } from './finding-list.tsx';
import { MappingForm } from './mapping-form.tsx';
import { MethodForm } from './method-form.tsx';
import { PairPreview } from './pair-preview.tsx';
import { UnitQuestion } from './unit-question.tsx';

/** Shows one frame with its objects, and everything the mapping depends on; a pair is confirmed only after a look. */
export function PairEditor({
  pair,
  items,
  shelf,
  editable,
  confirm,
}: {
  pair: DraftPair;
  items: readonly DraftItem[];
  shelf: FileShelf;
  editable: boolean;
  confirm: (said: Pick<DraftPair, 'mapping' | 'tracking'>) => void;
}): JSX.Element {
  const text = useText();
  const [mapping, setMapping] = useState<CoordinateMapping>(pair.mapping as CoordinateMapping);
  const film = items.find(({ id }) => id === pair.imageItem);
  const track = items.find(({ id }) => id === pair.trackItem);
  const image = film?.images[pair.image] as ImageDescription | undefined;
  const set = track?.trackSets.find(({ part }) => part === pair.part) as TrackSetSummary | undefined;
  const asked = !image || !set || pair.confirmed || mappingFor(set, image).isKnown;
  const [answered, setAnswered] = useState(asked);
  const [looked, setLooked] = useState(false);
  const [tracking, setTracking] = useState(pair.tracking as TrackingMethod | undefined);
  if (!film || !track || !image || !set) return <p className="problem">{text('pairs.gone')}</p>;
  const findings = checkPair({ ...pair, mapping, confirmed: answered } as Pair, items as readonly StudyItem[]);
  return (
    <div className="paireditor">
      <PairPreview
        film={film}
        track={track}
        pair={pair}
        mapping={mapping}
        image={image}
        shelf={shelf}
        shown={() => setLooked(true)}
      />
      <div className="about">
        {asked ? null : (
          <UnitQuestion
            set={set}
            image={image}
            answer={(scale) => {
              setMapping({ ...mapping, scale });
              setAnswered(true);
            }}
          />
        )}
        <MappingForm mapping={mapping} image={image} hasZ={set.hasZ} change={setMapping} editable={editable} />
        {editable && set.tracking === undefined ? <MethodForm method={tracking} change={setTracking} /> : null}
        <FindingList issues={findings} />
        {editable ? (
          <div className="row w gap">
            <button
              type="button"
              className="btn primary"
              aria-disabled={!answered || !looked}
              onClick={() => {
                if (answered && looked)
                  confirm({ mapping, ...(tracking ? { tracking } : {}) } as Pick<DraftPair, 'mapping' | 'tracking'>);
              }}
            >
              {text('pairs.confirm')}
            </button>
            <span className="s m2">{answered ? (looked ? '' : text('pairs.lookFirst')) : text('pairs.unitFirst')}</span>
          </div>
        ) : null}
      </div>
    </div>
  );
}
