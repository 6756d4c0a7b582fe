import {
  type FilmStage,
  type ImagePoint,
  isWhole,
  type Mark,
  mostCorners,
  mostMarks,
  type StageTool,
} from '@micrarium/viewer';
import type { ViewState } from '@micrarium/viewer';
import { useCallback, useEffect, useRef, useState } from 'react';

type Change = (wanted: (now: ViewState) => Partial<ViewState>) => void;

/** What is being measured by points. */
export interface Marking {
  /** Sets a point of the line, angle or area that is being made. @param isLast ends an area */
  addPoint(point: ImagePoint, isLast?: boolean): void;
  /** Ends the area that was begun. */
  finish(): void;
  /** Takes the last point back; where nothing was begun, the last mark. */
  takeBack(): void;
  /** Gives up what was begun. */
  stop(): void;
}

/** Screen pixels within which two points are one. */
const samePlace = 8;

/** Points become lines, angles and areas of the view; what is begun is shown on the stage and is not in the address. */
export function useMarks(tool: StageTool, change: Change, stage: FilmStage | undefined): Marking {
  const [begun, setBegun] = useState<readonly ImagePoint[]>([]);
  const now = useRef({ begun, tool, stage });
  useEffect(() => {
    now.current = { begun, tool, stage };
  });
  useEffect(() => {
    // A line is shown like the first leg of an angle.
    const kind = tool === 'area' ? 'area' : 'angle';
    stage?.setBegun(begun.length > 0 ? { kind, points: begun } : undefined);
  }, [stage, tool, begun]);
  const stop = useCallback(() => setBegun([]), []);
  const end = useCallback(
    (mark: Mark) => {
      if (!isWhole(mark)) return;
      setBegun([]);
      change(({ marks = [] }) => ({ marks: [...marks, mark].slice(-mostMarks) }));
    },
    [change],
  );
  const addPoint = useCallback(
    (point: ImagePoint, isLast = false) => {
      const { begun: points, tool: kind, stage: shown } = now.current;
      const reach = samePlace / (shown?.zoom ?? 1);
      const isAt = (other: ImagePoint | undefined) =>
        other !== undefined && Math.hypot(other.x - point.x, other.y - point.y) <= reach;
      if (kind === 'line') {
        const [start] = points;
        if (!start) return setBegun([point]);
        setBegun([]);
        return change(() => ({ line: { x1: start.x, y1: start.y, x2: point.x, y2: point.y } }));
      }
      if (kind !== 'angle' && kind !== 'area') return;
      const isClosing = kind === 'area' && points.length > 2 && (isLast || isAt(points[0]));
      const all = isAt(points.at(-1)) || (isClosing && isAt(points[0])) ? [...points] : [...points, point];
      if (isClosing || (kind === 'angle' && all.length === 3) || all.length === mostCorners) end({ kind, points: all });
      else setBegun(all);
    },
    [change, end],
  );
  const finish = useCallback(() => {
    if (now.current.tool === 'area') end({ kind: 'area', points: now.current.begun });
  }, [end]);
  const takeBack = useCallback(() => {
    if (now.current.begun.length > 0) setBegun((points) => points.slice(0, -1));
    else change(({ marks = [] }) => ({ marks: marks.slice(0, -1) }));
  }, [change]);
  return { addPoint, finish, takeBack, stop };
}
