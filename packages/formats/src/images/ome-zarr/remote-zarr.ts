import type { Issue } from '@micrarium/model';
import { type ByteSource, httpSource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import type { ImagePixels, OpenedImages } from '../image-reader.ts';
import { parseOmeXml } from '../ome-xml/parse.ts';
import { isObject, type JsonObject, joinPath, objectsOf, type ZarrNode } from './group-metadata.ts';
import { fillFromOmeXml, imagesOfStore, zarrRootOf } from './ome-zarr-reader.ts';
import { ask, refused, RemoteStore, RemoteZarrError } from './remote-store.ts';
import { treeStore } from './tree-store.ts';

/** Images that are looked for where nothing lists them: each that is not there costs a request. */
const mostUnlisted = 100;

/** What can be chosen in a hierarchy of many images: a well, then a field of it, or an image of a series. */
export interface RemoteChoice {
  kind: 'well' | 'field' | 'series';
  names: string[];
  /** Index of the one that is opened. */
  chosen: number;
}

/** An image behind an address. */
export interface RemoteZarr extends Pick<OpenedImages, 'issues'> {
  /** Left out where no image can be shown; `issues` say why. */
  image?: ImagePixels;
  /** Empty where the address is that of an image; a list may hold but one name. */
  choices: RemoteChoice[];
}

/** Which image of a hierarchy is wanted; zero-based, the last one where there are fewer. */
export interface RemoteWish {
  /** Index of the image of a series, of the well of a plate, or of the field where the address is of a well. */
  image?: number;
  /** Index of the field of a well of a plate. */
  field?: number;
  signal?: AbortSignal | undefined;
}

/** An address as one of a hierarchy: without the name of a metadata file that was copied along. */
function addressOf(address: string): URL {
  const text = address.trim();
  if (!URL.canParse(text)) throw new RemoteZarrError('no-address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new RemoteZarrError('no-address');
  url.pathname = url.pathname.replace(/\/(zarr\.json|\.zattrs|\.zgroup|\.zmetadata)$/, '/');
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

/** A file elsewhere by ranges; where no answer comes, the error says of which address. */
function remoteSource(name: string, url: string, size: number): ByteSource {
  const source = httpSource(name, url, size, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  return {
    ...source,
    async read(offset, length, signal) {
      try {
        return await source.read(offset, length, signal);
      } catch (cause) {
        // What `fetch` throws where it has no answer at all.
        if (!(cause instanceof TypeError)) throw cause;
        throw new RemoteZarrError('no-answer', { url, cause });
      }
    },
  };
}

/** The index that is wanted among some. */
const within = (wanted: number | undefined, count: number): number =>
  Math.max(0, Math.min(Math.trunc(wanted ?? 0) || 0, count - 1));

async function openRemoteZip(url: URL, name: string, { image, signal }: RemoteWish): Promise<RemoteZarr> {
  const head = await ask(url.href, { method: 'HEAD', ...(signal ? { signal } : {}) });
  if (!head.ok) throw refused(url.href, head);
  const source = remoteSource(name, url.href, Number(head.headers.get('content-length') ?? 0));
  const { tree, issues } = await openZip(source, signal ? { signal } : {}).catch((cause: unknown) => {
    throw cause instanceof RemoteZarrError ? cause : new RemoteZarrError('no-zarr', { cause });
  });
  const root = zarrRootOf(tree);
  if (root === undefined) throw new RemoteZarrError('no-zarr');
  const store = treeStore(fileTree(name, tree.entries), root);
  const opened = await imagesOfStore(store, { name, path: name }, [...issues], signal ? { signal } : {});
  const chosen = within(image, opened.images.length);
  const names = opened.images.map(({ description, place }) =>
    place ? `${place.row}${place.column} ${place.field}` : description.name,
  );
  return {
    issues: opened.issues,
    choices: [{ kind: 'series', names, chosen }],
    ...(opened.images[chosen] ? { image: opened.images[chosen] } : {}),
  };
}

/** Says in the metadata of a group something else than they do, so that nothing is read but what is wanted. */
function restate(store: RemoteStore, node: ZarrNode, part: JsonObject): void {
  const ome = { ...node.ome, ...part };
  const attributes = node.ome === node.attributes ? ome : { ...node.attributes, ome };
  const isV3 = node.zarrFormat === 3;
  const document = isV3 ? { zarr_format: 3, node_type: 'group', attributes } : attributes;
  store.keep(joinPath(node.path, isV3 ? 'zarr.json' : '.zattrs'), document);
}

/** The fields of a well, of which one is brought. */
async function fieldOf(
  store: RemoteStore,
  node: ZarrNode,
  wanted: number | undefined,
  signal?: AbortSignal,
): Promise<RemoteChoice[]> {
  const well = isObject(node.ome['well']) ? node.ome['well'] : {};
  const fields = objectsOf(well['images']);
  const chosen = within(wanted, fields.length);
  const field = fields[chosen];
  if (!field) return [];
  restate(store, node, { well: { ...well, images: [field] } });
  await store.bring(joinPath(node.path, String(field['path'] ?? '')), signal);
  return [{ kind: 'field', names: fields.map(({ path }) => String(path ?? '')), chosen }];
}

async function wellOf(
  store: RemoteStore,
  root: ZarrNode,
  plate: JsonObject,
  { image, field, signal }: RemoteWish,
): Promise<RemoteChoice[]> {
  const wells = objectsOf(plate['wells']).filter(({ path }) => typeof path === 'string' && path !== '');
  const chosen = within(image, wells.length);
  const well = wells[chosen];
  if (!well) return [];
  restate(store, root, { plate: { ...plate, wells: [well] } });
  const node = await store.group(joinPath(String(well['path'])), signal);
  const names = wells.map(({ path }) => String(path).split('/').join(''));
  return [{ kind: 'well', names, chosen }, ...(node ? await fieldOf(store, node, field, signal) : [])];
}

/** Paths of the images of a series: as `OME` lists them, else 0, 1, 2… as long as there are some. */
async function seriesOf(store: RemoteStore, signal?: AbortSignal): Promise<string[]> {
  const listed = (await store.group('OME', signal))?.ome['series'];
  if (Array.isArray(listed)) return listed.filter((path) => typeof path === 'string');
  const paths: string[] = [];
  // One after the other, so that a server is not asked for many that are not there.
  while (paths.length < mostUnlisted && (await store.group(String(paths.length), signal)))
    paths.push(String(paths.length));
  return paths;
}

async function openFolder(url: URL, name: string, wish: RemoteWish): Promise<RemoteZarr> {
  const { image, signal } = wish;
  const store = new RemoteStore(url);
  const root = await store.group('', signal);
  if (!root) throw new RemoteZarrError('no-zarr');
  const choices: RemoteChoice[] = [];
  let xml: string | undefined;
  const { plate, well } = root.ome;
  if (isObject(plate)) choices.push(...(await wellOf(store, root, plate, wish)));
  else if (isObject(well)) choices.push(...(await fieldOf(store, root, image, signal)));
  else if (objectsOf(root.ome['multiscales']).length > 0) await store.bring('', signal);
  else if ((root.ome['bioformats2raw.layout'] ?? root.attributes['bioformats2raw.layout']) !== undefined) {
    const names = await seriesOf(store, signal);
    const chosen = within(image, names.length);
    if (names[chosen] !== undefined) {
      const ome = { series: [names[chosen]] };
      const isV3 = store.groupFile === 'zarr.json';
      store.keep(`OME/${store.groupFile}`, isV3 ? { zarr_format: 3, node_type: 'group', attributes: { ome } } : ome);
      [xml] = await Promise.all([store.fetchText('OME/METADATA.ome.xml', signal), store.bring(names[chosen], signal)]);
    }
    choices.push({ kind: 'series', names, chosen });
  }
  const issues: Issue[] = [];
  const plain = name.replace(/(\.ome)?\.zarr$/i, '');
  const { images } = await imagesOfStore(store, { name: plain, path: name }, issues, signal ? { signal } : {});
  const [series] = choices;
  if (xml !== undefined && series) nameSeries(xml, series, images);
  return {
    issues,
    choices,
    ...(images[0] ? { image: images[0] } : {}),
  };
}

/** Names a series and fills its opened image with what the OME-XML beside it says, whose images are in the same order. */
function nameSeries(xml: string, series: RemoteChoice, images: ImagePixels[]): void {
  const document = parseOmeXml(xml);
  const told = document.images[series.chosen];
  if (document.images.length !== series.names.length || !told) return;
  fillFromOmeXml(images, { ...document, images: [told] });
  series.names = document.images.map(({ name }, n) => name.trim() || series.names[n]!);
}

/**
 * Opens an image of an OME-Zarr (0.1 to 0.5; folder, `.ozx` or `.zip`) behind an address, without cookies and without asking
 * any other server. Of a plate or a series one image is looked up, the one that is wanted; its labels when they are asked for.
 * @throws RemoteZarrError
 */
export async function openRemoteZarr(address: string, wish: RemoteWish = {}): Promise<RemoteZarr> {
  const url = addressOf(address);
  const name = decodeURIComponent(url.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '') || url.hostname;
  return /\.(ozx|zip)$/i.test(url.pathname) ? openRemoteZip(url, name, wish) : openFolder(url, name, wish);
}
