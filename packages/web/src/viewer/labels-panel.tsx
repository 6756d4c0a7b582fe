import type { FilmStage, ImageSource, LabelSource, ViewState } from '@micrarium/viewer';
import { type JSX, useEffect, useState } from 'react';
import { useText } from '../messages/text.ts';

/** The label masks that belong to an image; none until they have been opened. */
export function useLabels(source: ImageSource, stage: FilmStage | undefined): LabelSource[] {
  const [opened, setOpened] = useState<{ source: ImageSource; labels: LabelSource[] }>();
  useEffect(() => {
    if (!source.labels) return;
    const stop = new AbortController();
    const { width, height } = source.levels[0]!;
    source
      .labels(stop.signal)
      .then(({ labels }) => {
        if (!stop.signal.aborted) setOpened({ source, labels: labels.map((one) => ({ ...one, width, height })) });
      })
      // An image is looked at without its masks where they cannot be read.
      .catch(() => undefined);
    return () => stop.abort();
  }, [source]);
  const labels = opened?.source === source ? opened.labels : none;
  useEffect(() => stage?.setLabels(labels), [stage, labels]);
  return labels;
}

const none: LabelSource[] = [];

/** Which label mask lies over the image, and how opaque. */
export function LabelsPanel({
  labels,
  state,
  onChange,
}: {
  labels: readonly LabelSource[];
  state: ViewState['labels'];
  onChange(labels: ViewState['labels']): void;
}): JSX.Element | null {
  const text = useText();
  if (labels.length === 0) return null;
  return (
    <section aria-labelledby="labels-title">
      <h2 id="labels-title">{text('viewer.labels')}</h2>
      <label className="row">
        <span>{text('viewer.labelMask')}</span>
        <select
          value={state?.name ?? ''}
          onChange={({ target }) =>
            onChange(target.value === '' ? undefined : { name: target.value, opacity: state?.opacity ?? 0.35 })
          }
        >
          <option value="">{text('viewer.labelsNone')}</option>
          {labels.map((label) => (
            <option key={label.name} value={label.name}>
              {label.name}
            </option>
          ))}
        </select>
      </label>
      {state ? (
        <label className="row">
          <span>{text('viewer.labelOpacity')}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={state.opacity}
            onChange={(event) => onChange({ ...state, opacity: Number(event.target.value) })}
          />
        </label>
      ) : null}
    </section>
  );
}
