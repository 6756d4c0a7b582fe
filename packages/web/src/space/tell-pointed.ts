import { useEffect, useRef } from 'react';
import { keyOfSet, linkPointed, type PointedLink } from '../viewer/pointed-cell.ts';
import { idOfLife } from './lineage-panel.tsx';
import type { Pane } from './use-pane.ts';

/** Tells the windows that show the film of this set which cell is pointed at. @param life the one pointed at, in the tree or in space */
export function useTellPointed(pane: Pane, life: number | undefined): void {
  const { place, part } = pane.set;
  const key = keyOfSet(place, part);
  const link = useRef<PointedLink>(undefined);
  const paneNow = useRef(pane);
  useEffect(() => {
    paneNow.current = pane;
  });
  useEffect(() => {
    const made = linkPointed(key);
    link.current = made;
    return () => {
      made.tell(undefined);
      made.close();
    };
  }, [key]);
  useEffect(() => {
    const { current: told } = link;
    if (!told || life === undefined) return;
    let isOver = false;
    idOfLife(paneNow.current, life).then(
      (id) => {
        if (!isOver) told.tell(id);
      },
      // The stage says that the table cannot be read.
      () => {},
    );
    return () => {
      isOver = true;
      told.tell(undefined);
    };
  }, [key, life]);
}
