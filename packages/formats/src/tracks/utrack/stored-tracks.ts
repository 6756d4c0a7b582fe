import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Hdf5Dataset } from '../../containers/hdf5/dataset.ts';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import { type Hdf5Node, type OpenHdf5, openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { MatError, type MatValue, isMatFive, matVariables } from '../../containers/mat/mat-five.ts';
import type { CompoundTrack } from './compound-track.ts';

const names = { events: 'seqOfEvents', features: 'tracksFeatIndxCG', coordinates: 'tracksCoordAmpCG' } as const;
const variable = 'tracksFinal';

/** An array of one compound track as it is stored: values column by column. */
interface StoredArray {
  rows: number;
  columns: number;
  values: Float64Array;
}

/** One compound track, or why it is not read. */
export type StoredTrack = CompoundTrack | { skipped: string };

/**
 * Compound tracks of the variable `tracksFinal`, from a MATLAB file of version 5 to 7 or 7.3.
 * @throws MatError, Hdf5Fault where the file is damaged
 */
export async function* storedTracks(source: ByteSource, signal?: AbortSignal): AsyncGenerator<StoredTrack> {
  const head = await source.read(0, 128, signal);
  if (isMatFive(head)) yield* tracksOfFive(source, signal);
  else yield* tracksOfHdf5(await openHdf5(source), signal);
}

async function* tracksOfFive(source: ByteSource, signal?: AbortSignal): AsyncGenerator<StoredTrack> {
  for await (const { value } of matVariables(source, (name) => name === variable, signal)) {
    if (value.kind !== 'struct') throw new MatError(`${variable} is no struct`);
    const field = (name: string) => value.fields.get(name) ?? [];
    const [events, features, coordinates] = [field(names.events), field(names.features), field(names.coordinates)];
    for (let i = 0; i < Math.max(events.length, coordinates.length); i++)
      yield compoundTrack(arrayOf(events[i]), arrayOf(coordinates[i]), arrayOf(features[i]));
    return;
  }
  throw new MatError(`there is no variable ${variable}`);
}

function arrayOf(value: MatValue | undefined): StoredArray | string | undefined {
  if (!value) return undefined;
  if (value.kind !== 'number') return value.kind === 'skipped' ? value.what : value.kind;
  const [rows = 0, columns = 0] = value.dims;
  return { rows, columns, values: value.values };
}

/** Fields of a struct array are arrays of references, those of a single struct the values themselves. */
async function* tracksOfHdf5(file: OpenHdf5, signal?: AbortSignal): AsyncGenerator<StoredTrack> {
  const group = await file.node(`/${variable}`);
  if (!group) throw new Hdf5Fault('missing', `there is no variable ${variable}`);
  const [events, features, coordinates] = await Promise.all(
    [names.events, names.features, names.coordinates].map((name) => fieldNodes(file, group, name)),
  );
  if (!events || !coordinates)
    throw new Hdf5Fault('missing', `${variable} lacks ${names.events} or ${names.coordinates}`);
  for (let i = 0; i < Math.max(events.length, coordinates.length); i++) {
    signal?.throwIfAborted();
    yield compoundTrack(
      await storedArray(events[i]),
      await storedArray(coordinates[i]),
      await storedArray(features?.[i]),
    );
  }
}

async function fieldNodes(file: OpenHdf5, group: Hdf5Node, name: string): Promise<Hdf5Node[] | undefined> {
  const node = await group.child(name);
  const dataset = await node?.dataset();
  if (!node) return undefined;
  if (dataset?.type.class !== 'reference') return [node];
  const references = await dataset.values();
  return references.map((address) => file.nodeAt(Number(address), node.path));
}

async function storedArray(node: Hdf5Node | undefined): Promise<StoredArray | string | undefined> {
  const dataset: Hdf5Dataset | undefined = await node?.dataset();
  if (!node) return undefined;
  // Sparse arrays are groups of three datasets.
  if (!dataset) return 'sparse array';
  if (await node.attribute('MATLAB_empty')) return { rows: 0, columns: 0, values: new Float64Array(0) };
  // HDF5 lists the lengths the other way round; the values lie the same.
  const [columns = 1, rows = 1] = dataset.shape;
  return { rows, columns, values: await dataset.numbers() };
}

function compoundTrack(
  events: StoredArray | string | undefined,
  coordinates: StoredArray | string | undefined,
  features: StoredArray | string | undefined,
): StoredTrack {
  const whole = typeof coordinates === 'object' && typeof events === 'object';
  if (!whole) return { skipped: [coordinates, events].find((one) => typeof one === 'string') ?? 'a field is missing' };
  const { rows: segments, columns } = coordinates;
  if (columns % 8 !== 0 || (events.columns !== 4 && events.rows > 0))
    return { skipped: `${names.coordinates} has ${columns} columns, ${names.events} ${events.columns}` };
  const frames = columns / 8;
  const fits = typeof features === 'object' && features.rows === segments && features.columns === frames;
  return {
    segments,
    frames,
    coordinates: coordinates.values,
    events: events.values,
    eventCount: events.rows,
    ...(fits ? { features: features.values } : {}),
  };
}
