import {
  type ChannelState,
  drawnChannels,
  type ImageSource,
  paintPlanes,
  readSections,
  type Sections,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';

interface SectionsViewProps {
  source: ImageSource;
  view: ViewState;
  change(part: Partial<ViewState>): void;
  onClose(): void;
}

/** Milliseconds the point rests before the stack is read. */
const restTime = 120;

function useSections(source: ImageSource, view: ViewState): { sections: Sections | undefined; share: number } {
  const [read, setRead] = useState<{ sections: Sections | undefined; share: number }>({
    sections: undefined,
    share: 0,
  });
  const { sections: at, t, other } = view;
  const shown = drawnChannels(view.channels).filter((c) => view.channels[c]!.isVisible);
  const key = JSON.stringify([at, t, other, shown]);
  useEffect(() => {
    if (!at) return;
    const stop = new AbortController();
    let painted = 0;
    const timer = setTimeout(() => {
      readSections(
        source,
        { t, ...(other ? { other } : {}) },
        { x: at.x, y: at.y },
        shown,
        (sections, share) => {
          // Painted as it fills up, but not so often that painting is what takes the time.
          if (share < 1 && performance.now() - painted < 200) return;
          painted = performance.now();
          setRead({ sections: { ...sections }, share });
        },
        stop.signal,
      ).catch(() => undefined);
    }, restTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // What is read is told by the key.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [source, key]);
  return read;
}

/** Sections xz and yz through a point of the image, beside it; a click in one moves the point and the slice. */
export function SectionsView({ source, view, change, onClose }: SectionsViewProps): JSX.Element | null {
  const text = useText();
  const { sections, share } = useSections(source, view);
  const at = view.sections;
  if (!at) return null;
  const { sizes, voxelSize } = source.description;
  const ratio = (across: 'x' | 'y') => {
    const [deep, wide] = [voxelSize?.z, voxelSize?.[across]];
    return deep && wide && deep.unit === wide.unit ? deep.value / wide.value : 1;
  };
  const depthShare = (view.z + 0.5) / sizes.z;
  return (
    <div className="vsections" role="group" aria-label={text('viewer.sections')}>
      <div className="row">
        <b>{text('viewer.sections')}</b>
        {share < 1 ? <progress value={share} aria-label={text('viewer.sections')} /> : null}
        <button type="button" className="btn quiet sm" aria-label={text('viewer.sectionsClose')} onClick={onClose}>
          {'×'}
        </button>
      </div>
      <Section
        name="xz"
        planes={sections?.xz}
        size={sections && [sections.width, sections.depth]}
        aspect={sizes.x / (sizes.z * ratio('x'))}
        channels={view.channels}
        cross={[(at.x + 0.5) / sizes.x, depthShare]}
        onPoint={(x, z) => change({ sections: { x: x * sizes.x - 0.5, y: at.y }, z: slice(z, sizes.z) })}
      />
      <Section
        name="yz"
        planes={sections?.yz}
        size={sections && [sections.depth, sections.height]}
        aspect={(sizes.z * ratio('y')) / sizes.y}
        channels={view.channels}
        cross={[depthShare, (at.y + 0.5) / sizes.y]}
        onPoint={(z, y) => change({ sections: { x: at.x, y: y * sizes.y - 0.5 }, z: slice(z, sizes.z) })}
      />
    </div>
  );
}

const slice = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));

interface SectionProps {
  name: 'xz' | 'yz';
  planes: (Float32Array | undefined)[] | undefined;
  size: [number, number] | undefined;
  /** Width by height as it is in space. */
  aspect: number;
  channels: ChannelState[];
  /** Shares of width and height at which the other planes cut this one. */
  cross: [number, number];
  onPoint(x: number, y: number): void;
}

function Section({ name, planes, size, aspect, channels, cross, onPoint }: SectionProps): JSX.Element {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current || !planes || !size) return;
    const [width, height] = size;
    canvas.current.width = width;
    canvas.current.height = height;
    const painted = paintPlanes(planes, channels, width * height);
    canvas.current.getContext('2d')?.putImageData(new ImageData(painted, width, height), 0, 0);
  }, [planes, size, channels]);
  const point = (event: MouseEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onPoint((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  return (
    <figure>
      <div className="section" style={{ aspectRatio: aspect, width: `min(100%, ${300 * aspect}px)` }} onClick={point}>
        <canvas ref={canvas} role="img" aria-label={text('viewer.section', { name })} data-testid={`section-${name}`} />
        <i className="v" style={{ left: `${cross[0] * 100}%` }} />
        <i className="h" style={{ top: `${cross[1] * 100}%` }} />
      </div>
      <figcaption>{name}</figcaption>
    </figure>
  );
}
