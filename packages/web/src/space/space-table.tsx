import type { SpaceFrame } from '@micrarium/viewer';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { LongTable } from '../viewer/tables.tsx';
import type { Pane } from './use-pane.ts';

/** The objects that are drawn, as a table: the same for those who do not see the space. */
export function SpaceTable({ pane, onSelect }: { pane: Pane; onSelect(id: number): void }): JSX.Element {
  const text = useText();
  const { set, frame, scene, selected } = pane;
  const [whole, setWhole] = useState<{ frame: SpaceFrame; objects: SpaceFrame }>();
  useEffect(() => {
    if (!frame) return;
    const stop = new AbortController();
    const names = set.slabs.features.map(({ name }) => name);
    set.slabs.frame(frame.frame, names).then(
      (objects) => {
        if (!stop.signal.aborted) setWhole({ frame, objects });
      },
      // The stage says that the table cannot be read.
      () => {},
    );
    return () => stop.abort();
  }, [set, frame]);
  const shown = scene?.shown;
  const places = useMemo(() => {
    const all = new Uint32Array(frame?.count ?? 0);
    let count = 0;
    for (let at = 0; at < all.length; at++) if (shown?.[at] !== 0) all[count++] = at;
    return all.subarray(0, count);
  }, [frame, shown]);
  if (!frame) return <p className="s">{text('space.reading')}</p>;
  const objects = whole?.frame === frame ? whole.objects : frame;
  const features = set.slabs.features.filter(({ name }) => objects.features.has(name));
  const unit = shortUnit(set.summary.spaceUnit);
  const axes = ['x', 'y', ...(set.slabs.isPlanar ? [] : ['z'])];
  return (
    <LongTable
      label={text('viewer.tableObjects')}
      head={[
        text('viewer.object'),
        text('viewer.track'),
        ...axes.map((axis) => (unit ? `${axis} (${unit})` : axis)),
        ...features.map(({ name, unit: own }) => (own ? `${name} (${shortUnit(own)})` : name)),
      ]}
      count={places.length}
      cells={(index) => {
        const at = places[index]!;
        return [
          String(objects.id[at]),
          objects.track[at]! < 0 ? null : String(objects.track[at]),
          ...axes.map((_, axis) => objects.xyz[at * 3 + axis]!),
          ...features.map(({ name }) => {
            const feature = objects.features.get(name)!;
            return feature.missing?.[at] === 1 ? null : (feature.values[at] ?? null);
          }),
        ];
      }}
      selected={selected < 0 ? -1 : places.indexOf(selected)}
      onSelect={(index) => onSelect(frame.id[places[index]!]!)}
    />
  );
}
