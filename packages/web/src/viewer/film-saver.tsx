import type { ImageDescription } from '@micrarium/model';
import { usualPlay, type ViewState } from '@micrarium/viewer';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { furtherAxes } from './axes.tsx';
import { failureWords } from './failure-words.ts';
import { writtenNumber } from '../messages/written.ts';
import { type DrawnStage, FilmUnsupported, recordFilm } from './record-film.ts';
import { saveUrl } from './save.ts';
import type { PictureLegend } from './snapshot.ts';

interface FilmSaverProps {
  image: ImageDescription;
  stage: DrawnStage;
  view: ViewState;
  legendOf(view: ViewState): PictureLegend;
  onClose(): void;
}

type Progress = { done: number; of: number };

/** Axes a film of a view can run through: time, focus where slices are shown one by one, and what else the image has. */
export function filmAxes(image: ImageDescription, view: ViewState): string[] {
  const { t, z } = image.sizes;
  return [...(t > 1 ? ['t'] : []), ...(z > 1 && !view.projection && !view.volume ? ['z'] : []), ...furtherAxes(image)];
}

/** Saves a film of the shown view through an axis as WebM, with scale bar and time stamp. */
export function FilmSaver({ image, stage, view, legendOf, onClose }: FilmSaverProps): JSX.Element {
  const text = useText();
  const { sizes } = image;
  const axes = filmAxes(image, view);
  const [axis, setAxis] = useState(axes[0] ?? 't');
  const count = sizes[axis] ?? 1;
  const [range, setRange] = useState<[number, number]>([1, count]);
  const [perSecond, setPerSecond] = useState(view.play?.perSecond ?? usualPlay.perSecond);
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState<string>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const choose = (next: string) => {
    setAxis(next);
    setRange([1, sizes[next] ?? 1]);
  };
  const record = async () => {
    const stop = new AbortController();
    running.current = stop;
    setProblem(undefined);
    const [from, to] = [Math.max(1, range[0]), Math.min(count, range[1])];
    const viewAt = (index: number): ViewState =>
      axis === 't' || axis === 'z' ? { ...view, [axis]: index } : { ...view, other: { ...view.other, [axis]: index } };
    const views = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => viewAt(from - 1 + at));
    if (views.length === 0) return;
    setProgress({ done: 0, of: views.length });
    try {
      const film = await recordFilm({
        stage,
        views,
        legendOf,
        perSecond,
        onProgress: (done) => setProgress({ done, of: views.length }),
        signal: stop.signal,
      });
      saveUrl(`${image.name || 'view'}.webm`, URL.createObjectURL(film));
      onClose();
    } catch (error) {
      if (!stop.signal.aborted)
        setProblem(
          error instanceof FilmUnsupported
            ? text('viewer.filmUnsupported')
            : text('viewer.filmFailed', { message: failureWords(error, text) }),
        );
    } finally {
      setProgress(undefined);
      stage.show(view);
    }
  };
  return (
    <div className="keys filmsaver" role="dialog" aria-label={text('viewer.saveFilm')}>
      <h2>{text('viewer.saveFilm')}</h2>
      {axes.length > 1 ? (
        <label className="row">
          <span>{text('viewer.filmAxis')}</span>
          <select value={axis} onChange={(event) => choose(event.target.value)}>
            {axes.map((one) => (
              <option key={one} value={one}>
                {one === 't' ? text('viewer.time') : one === 'z' ? text('viewer.focus') : one}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {([0, 1] as const).map((end) => (
        <label key={end} className="row">
          <span>{text(end === 0 ? 'viewer.filmFrom' : 'viewer.filmTo')}</span>
          <input
            type="number"
            min={1}
            max={count}
            value={range[end]}
            onChange={(event) => {
              const value = Math.min(count, Math.max(1, Math.round(Number(event.target.value)) || 1));
              setRange(end === 0 ? [value, range[1]] : [range[0], value]);
            }}
          />
        </label>
      ))}
      <label className="row">
        <span>{text('viewer.filmSpeed')}</span>
        <input
          type="number"
          min={0.5}
          max={60}
          step={0.5}
          value={perSecond}
          onChange={(event) => setPerSecond(Math.min(60, Math.max(0.5, Number(event.target.value) || 1)))}
        />
      </label>
      <p className="s">{text('viewer.filmHint')}</p>
      {problem ? (
        <p className="problem" role="alert">
          {problem}
        </p>
      ) : null}
      {progress ? (
        <p role="status">
          <progress value={progress.done} max={progress.of} aria-label={text('viewer.saveFilm')} />{' '}
          {text('viewer.filmProgress', { done: writtenNumber(progress.done), all: writtenNumber(progress.of) })}
        </p>
      ) : null}
      <p className="row">
        {progress ? null : (
          <button type="button" className="btn primary sm" onClick={() => void record()}>
            {text('viewer.filmRecord')}
          </button>
        )}
        <button
          type="button"
          className="btn sm"
          onClick={() => {
            if (!progress) return onClose();
            running.current?.abort();
          }}
        >
          {text(progress ? 'viewer.filmStop' : 'viewer.close')}
        </button>
      </p>
    </div>
  );
}
