import { type ImageDescription, type TrackSetSummary, mappingFor } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import { type DraftItem, type DraftPair, nameOf } from './draft.ts';
import { pairKey } from './slots.ts';

/** Draws the line by hand: choose a film and a set of tracks. */
export function NewPair({
  films,
  tracks,
  taken,
  draw,
}: {
  films: readonly DraftItem[];
  tracks: readonly DraftItem[];
  taken: ReadonlySet<string>;
  draw: (pair: DraftPair) => void;
}): JSX.Element {
  const text = useText();
  const [film, setFilm] = useState('');
  const [track, setTrack] = useState('');
  const filmEnds = films.flatMap((item) => item.images.map((image, index) => ({ item, image, index })));
  const trackEnds = tracks.flatMap((item) => item.trackSets.map((set) => ({ item, set })));
  const from = filmEnds[Number(film)];
  const to = trackEnds[Number(track)];
  const pair: DraftPair | undefined =
    film === '' || track === '' || !from || !to
      ? undefined
      : {
          imageItem: from.item.id,
          image: from.index,
          trackItem: to.item.id,
          part: to.set.part,
          mapping: mappingFor(to.set as TrackSetSummary, from.image as ImageDescription)
            .mapping as DraftPair['mapping'],
          reason: 'drawn by the depositor',
          confirmed: false,
        };
  const isTaken = pair !== undefined && taken.has(pairKey(pair));
  return (
    <form
      className="newpair"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pair || isTaken) return;
        draw(pair);
        setFilm('');
        setTrack('');
      }}
    >
      <label>
        {text('pairs.film')}
        <select className="sel" value={film} onChange={(event) => setFilm(event.target.value)}>
          <option value="">{text('field.choose')}</option>
          {filmEnds.map(({ item, image, index }, at) => (
            <option key={`${item.id} ${index}`} value={at}>
              {nameOf(item, item.images.length > 1 ? image.name : '')}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text('pairs.tracks')}
        <select className="sel" value={track} onChange={(event) => setTrack(event.target.value)}>
          <option value="">{text('field.choose')}</option>
          {trackEnds.map(({ item, set }, at) => (
            <option key={`${item.id} ${set.part}`} value={at}>
              {nameOf(item, item.trackSets.length > 1 ? set.name : '')}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="btn" aria-disabled={!pair || isTaken}>
        {text('pairs.draw')}
      </button>
      {isTaken ? <span className="s m2">{text('pairs.taken')}</span> : null}
    </form>
  );
}
