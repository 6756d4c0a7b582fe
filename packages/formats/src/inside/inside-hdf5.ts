import type { ByteSource } from '../bytes/byte-source.ts';
import type { Hdf5Dataset } from '../containers/hdf5/dataset.ts';
import { type Hdf5Type, typeName } from '../containers/hdf5/datatype.ts';
import { Hdf5Fault } from '../containers/hdf5/fault.ts';
import type { Hdf5Link } from '../containers/hdf5/links.ts';
import { type Hdf5Node, type OpenHdf5, openHdf5 } from '../containers/hdf5/open-hdf5.ts';
import {
  type InsideAttribute,
  type InsideDetails,
  InsideFault,
  type InsideFile,
  type InsideMembers,
  type InsideNode,
  type InsidePage,
  type InsideWindow,
  boxOf,
  countsOf,
  fittingWindow,
  membersAtOnce,
  naturalOrder,
} from './inside-file.ts';
import { cut, longestAttribute, longestCell, writtenValue } from './written-value.ts';

/** Values of an attribute that are written out. */
const shownValues = 1000;

/**
 * Looks into an HDF5 file by ranges.
 * @throws InsideFault where it is no HDF5 file or its beginning is damaged
 */
export async function lookInsideHdf5(source: ByteSource): Promise<InsideFile> {
  const file = await said(() => openHdf5(source));
  return {
    format: 'hdf5',
    version: `superblock ${file.version}`,
    missingBytes: file.missingBytes,
    members: (path, from = 0, most = membersAtOnce) => said(() => membersOf(file, path, from, most)),
    details: (path) => said(() => detailsOf(file, path)),
    page: (path, window, signal) => said(() => pageOf(file, path, window, signal)),
  };
}

/** Runs a reading; what is wrong with the file becomes a fault with words for people. */
async function said<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Hdf5Fault) throw new InsideFault(error.message, { cause: error });
    throw error;
  }
}

async function nodeAt(file: OpenHdf5, path: string): Promise<Hdf5Node> {
  const node = await file.node(path);
  if (!node) throw new InsideFault(`there is nothing at ${path}`);
  return node;
}

async function membersOf(file: OpenHdf5, path: string, from: number, most: number): Promise<InsideMembers> {
  const group = await nodeAt(file, path);
  const links = (await group.links()).sort((a, b) => naturalOrder(a.name, b.name));
  const shown = links.slice(from, from + most);
  return { total: links.length, nodes: await Promise.all(shown.map((link) => linkNode(group, link))) };
}

/** What a link of a group leads to. A member that is damaged is told, and hides none of the others. */
async function linkNode(group: Hdf5Node, { name, target }: Hdf5Link): Promise<InsideNode> {
  const path = group.path === '/' ? `/${name}` : `${group.path}/${name}`;
  const to =
    target.kind === 'external' ? `${target.file}:${target.path}` : target.kind === 'soft' ? target.path : undefined;
  const note = to === undefined ? {} : { note: to };
  // Over the network, a group of thousands would else cost a request for each of them.
  if (target.kind === 'hard' && target.isGroup) return { path, name, kind: 'group' };
  try {
    const node = await group.child(name);
    return node ? { ...(await describeNode(node)), path, name, ...note } : { path, name, kind: 'link', ...note };
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    return { path, name, kind: 'unreadable', note: error.message };
  }
}

async function describeNode(node: Hdf5Node): Promise<Omit<InsideNode, 'path' | 'name'>> {
  const kind = await node.kind();
  if (kind === 'group') return { kind: 'group' };
  const dataset = kind === 'dataset' ? await node.dataset() : undefined;
  if (!dataset) return { kind: kind === 'type' ? 'type' : 'unreadable' };
  const isTable = dataset.type.class === 'compound';
  return { kind: isTable ? 'table' : 'array', shape: dataset.shape, type: typeName(dataset.type) };
}

async function detailsOf(file: OpenHdf5, path: string): Promise<InsideDetails> {
  const node = await nodeAt(file, path);
  const name = path === '/' ? '/' : path.slice(path.lastIndexOf('/') + 1);
  const attributes = await attributesOf(node);
  const described = await describeNode(node);
  const dataset = described.shape ? await node.dataset() : undefined;
  if (!dataset) {
    const members = described.kind === 'group' ? { members: (await node.links()).length } : {};
    return { path, name, ...described, ...members, attributes };
  }
  const { type, chunk, filters } = dataset;
  const grows = dataset.maxShape.some((length, axis) => length !== dataset.shape[axis]);
  return {
    path,
    name,
    ...described,
    attributes,
    storage: dataset.storage,
    bytes: dataset.count * type.size,
    ...(type.class === 'compound'
      ? { columns: type.members.map((member) => ({ name: member.name, type: typeName(member.type) })) }
      : {}),
    ...(grows ? { maxShape: dataset.maxShape } : {}),
    ...(chunk ? { chunk } : {}),
    ...(filters.length > 0 ? { filters } : {}),
  };
}

async function attributesOf(node: Hdf5Node): Promise<InsideAttribute[]> {
  const found: InsideAttribute[] = [];
  for (const attribute of await node.attributes()) {
    const { name, type, space } = attribute;
    let value: string;
    try {
      // Imaris and others write a text as a list of characters.
      const isCharacters = type.class === 'string' && type.size === 1 && attribute.count > 1;
      value = isCharacters
        ? ((await attribute.text()) ?? '')
        : await writtenList(attribute.values(), type, space.kind === 'scalar');
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      value = error.message;
    }
    found.push({ name, type: typeName(type), shape: space.shape, value: cut(value, longestAttribute) });
  }
  return found.sort((a, b) => naturalOrder(a.name, b.name));
}

async function writtenList(values: Promise<unknown[]>, type: Hdf5Type, isScalar: boolean): Promise<string> {
  const all = await values;
  if (isScalar || all.length === 1) return writtenValue(all[0], type);
  const texts = all.slice(0, shownValues).map((value) => writtenValue(value, type));
  return `${texts.join(', ')}${all.length > shownValues ? ', …' : ''}`;
}

async function pageOf(file: OpenHdf5, path: string, asked: InsideWindow, signal?: AbortSignal): Promise<InsidePage> {
  const dataset = await (await nodeAt(file, path)).dataset();
  if (!dataset) throw new InsideFault(`${path} holds no values`);
  const { type, shape } = dataset;
  const columns = type.class === 'compound' ? type.members : undefined;
  const window = fittingWindow(shape, columns?.length, asked);
  const counts =
    dataset.count === 0 ? { rowCount: 0, columnCount: columns?.length ?? 0 } : countsOf(shape, columns?.length);
  const names =
    columns?.map(({ name }) => name) ?? Array.from({ length: window.columns }, (_, n) => String(window.column + n));
  const shownNames = columns
    ? names.slice(window.column, window.column + window.columns)
    : shape.length < 2
      ? ['']
      : names;
  const cells = dataset.count === 0 ? [] : await cellsOf(dataset, window, signal);
  return { window, ...counts, columnNames: shownNames, cells };
}

async function cellsOf(dataset: Hdf5Dataset, window: InsideWindow, signal?: AbortSignal): Promise<string[][]> {
  const { type, shape } = dataset;
  const box = boxOf(shape, type.class === 'compound', window);
  const values = await dataset.values(shape.length === 0 ? undefined : box, signal);
  if (type.class === 'compound') {
    const members = type.members.slice(window.column, window.column + window.columns);
    return values.map((record) =>
      members.map((member) => {
        const value = (record as Readonly<Record<string, unknown>>)[member.name];
        return cut(writtenValue(value, member.type), longestCell);
      }),
    );
  }
  const width = shape.length < 2 ? 1 : window.columns;
  const rows: string[][] = [];
  for (let at = 0; at < values.length; at += width)
    rows.push(values.slice(at, at + width).map((value) => cut(writtenValue(value, type), longestCell)));
  return rows;
}
