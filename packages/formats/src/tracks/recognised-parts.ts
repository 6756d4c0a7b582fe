import type { Probe, Recognition } from '../recognition/descriptor.ts';
import { type TableHeader, tableHeader } from '../recognition/table-header.ts';

/** Tables whose first columns say what they are, whatever further ones are called: napari's, and our own. */
const napariStart = /^\uFEFF?(?:track_id|ID),t,(z,)?y,x(,|\r?\n|$)/;
const ownStart = /^object_id,frame,(time,)?x,y,(z,)?link_id,track_id,parent_object_ids(,|\r?\n|$)/;

/** Begins the text with the columns of a napari Tracks layer, in their order? The first is `ID` where btrack wrote it. */
export function startsAsNapari(probe: Probe): boolean {
  return napariStart.test(probe.text?.slice(0, 200) ?? '');
}

/**
 * The header of a delimited text, `undefined` for anything else. Asked by many descriptors, so split once a probe.
 * @param knowsNapari may the table be one of napari's layout? Its features may be called as columns of other programs
 */
export function headerOf(probe: Probe, knowsNapari = false): TableHeader | undefined {
  let header = headers.get(probe);
  if (header === undefined) {
    const isTable =
      probe.text !== undefined && !/^\s*[<{[]/.test(probe.text) && !ownStart.test(probe.text.slice(0, 200));
    header = (isTable ? tableHeader(probe.text!) : undefined) ?? false;
    headers.set(probe, header);
  }
  return (knowsNapari || !startsAsNapari(probe)) && header ? header : undefined;
}

const headers = new WeakMap<Probe, TableHeader | false>();

/** Has a header the columns of a napari Tracks layer? */
export const isNapariTable = (header: TableHeader): boolean =>
  has(header, 'track_id', 't', 'y', 'x') || /^id,t,(z,)?y,x(,|$)/.test(header.names.join(','));

/** What a recogniser answers: why, and how sure it is. */
export const headed = (reason: string, score = 1): Recognition => ({ score, reason });

/** Has the header all of these names (in lower case)? */
export const has = (header: TableHeader, ...names: string[]) => names.every((name) => header.names.includes(name));
