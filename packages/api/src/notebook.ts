import type { StudyItem } from '@micrarium/model';
import { translator } from './messages/messages.ts';
import {
  Cells,
  literal,
  loadable,
  mostNamed,
  type Notebook,
  type NotebookRequest,
  plain,
  printedUnit,
  unitWords,
} from './notebook-cells.ts';
import { typeScriptCells } from './notebook-typescript.ts';

export type { Notebook, NotebookCell, NotebookRequest } from './notebook-cells.ts';

/** Films above this many bytes are read plane by plane instead of being copied first. */
const mostCopied = 2 ** 28;

/**
 * A notebook of a data set, ready to run: it loads the tables and a plane of the film over HTTP, and plots objects over time, tracks,
 * the way of a named object and an intensity ratio, as far as the data set holds them; in Python, or all but the ratio in TypeScript.
 */
export function notebookOf(request: NotebookRequest): Notebook {
  const { dataset, language, studyTitle, address } = request;
  const isTypeScript = request.code === 'typescript';
  const text = translator(language);
  const cells = new Cells();
  const { tracked, films } = loadable(request);
  const packages = ['pandas', 'matplotlib', ...(films.length > 0 ? ['zarr'] : [])].join(', ');
  cells.words(
    `# ${plain(dataset.title)}`,
    text('notebook.from', { title: plain(dataset.title), study: plain(studyTitle), address }),
    isTypeScript ? text('notebook.needsDeno') : text('notebook.needs', { packages }),
  );
  if (isTypeScript) typeScriptCells(cells, request, { tracked, films });
  else pythonCells(cells, request, { tracked, films });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: isTypeScript
        ? { name: 'deno', display_name: 'Deno', language: 'typescript' }
        : { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: isTypeScript ? 'typescript' : 'python' },
      title: dataset.title,
    },
    cells: cells.list,
  };
}

function pythonCells(cells: Cells, request: NotebookRequest, { tracked, films }: ReturnType<typeof loadable>): void {
  cells.code(
    'import matplotlib.pyplot as plt',
    'import numpy as np',
    'import pandas as pd',
    `citation = ${literal(request.citation)}`,
    'print(citation)',
  );
  if (tracked.length > 0) trackCells(cells, request, tracked);
  if (films.length > 0) imageCells(cells, request, films);
}

/** A list of addresses in Python, one to a line, of which the first is taken. */
const addressList = (name: string, addresses: readonly string[]): string[] => [
  `${name} = [`,
  ...addresses.slice(0, mostNamed).map((address) => `    ${literal(address)},`),
  ']',
];

function trackCells(cells: Cells, request: NotebookRequest, items: readonly StudyItem[]): void {
  const text = translator(request.language);
  const sets = items.flatMap((item) => item.trackSets.map((set) => ({ item, set })));
  const first = sets[0]!.set;
  const space = unitWords(first.spaceUnit, request.language);
  const time = unitWords(first.timeUnit ?? 'frame', request.language);
  const addresses = sets.map(({ item, set }) => request.urls(item.id).exported('objects.csv', { part: set.part }));
  cells.words(
    `## ${text('notebook.objects')}`,
    `${text('notebook.objectsText', { space, time })}${sets.length > 1 ? ` ${text('notebook.more')}` : ''}`,
  );
  cells.code(
    ...addressList('tables', addresses),
    'objects = pd.read_csv(tables[0])',
    `space_unit, time_unit = ${literal(printedUnit(first.spaceUnit))}, ${literal(printedUnit(first.timeUnit ?? 'frame'))}`,
    'if "time" not in objects:',
    '    objects["time"], time_unit = objects["frame"], "frame"',
    'print(f"{len(objects)} objects in {objects[\'frame\'].nunique()} frames")',
    'objects.head()',
  );
  cells.words(`## ${text('notebook.counts')}`);
  cells.code(
    'counts = objects.groupby("time").size()',
    'fig, ax = plt.subplots()',
    'ax.plot(counts.index, counts.values)',
    'ax.set_xlabel(f"time ({time_unit})")',
    'ax.set_ylabel("objects")',
    'plt.show()',
  );
  if (first.counts.edges > 0) pathCells(cells, request);
  if (first.columns.some(({ name }) => name === 'label' || name === 'name')) namedCells(cells, request);
}

function pathCells(cells: Cells, { language }: NotebookRequest): void {
  const text = translator(language);
  cells.words(`## ${text('notebook.tracks')}`, text('notebook.tracksText'));
  cells.code(
    'axes = [axis for axis in "xyz" if axis in objects]',
    'ordered = objects.dropna(subset=["link_id"]).sort_values(["link_id", "frame"])',
    'steps = ordered.groupby("link_id")[axes].diff()',
    'ordered["step"] = np.sqrt((steps**2).sum(axis=1, skipna=False))',
    'ends = ordered.groupby("link_id")[axes].agg(["first", "last"])',
    'between = np.sqrt(sum((ends[axis]["last"] - ends[axis]["first"]) ** 2 for axis in axes))',
    'paths = pd.DataFrame({',
    '    "objects": ordered.groupby("link_id").size(),',
    '    "path_length": ordered.groupby("link_id")["step"].sum(),',
    '    "displacement": between,',
    '})',
    'fig, ax = plt.subplots()',
    'for _, one in list(ordered.groupby("link_id"))[:2000]:',
    '    ax.plot(one["x"], one["y"], linewidth=0.8)',
    'ax.set_aspect("equal")',
    'ax.invert_yaxis()',
    'ax.set_xlabel(f"x ({space_unit})")',
    'ax.set_ylabel(f"y ({space_unit})")',
    'plt.show()',
    'paths.describe()',
  );
}

function namedCells(cells: Cells, { language, objectName }: NotebookRequest): void {
  const text = translator(language);
  cells.words(`## ${text('notebook.named')}`, text('notebook.namedText'));
  cells.code(
    'names = "label" if "label" in objects else "name"',
    objectName === undefined ? 'name = objects[names].value_counts().idxmax()' : `name = ${literal(objectName)}`,
    'one = objects[objects[names] == name].sort_values("frame", kind="stable")',
    'way = one[[axis for axis in "xyz" if axis in one]].diff().dropna()',
    'displacement = np.sqrt((way**2).sum(axis=1)).sum()',
    'print(f"{name}: {len(one)} frames, displacement {displacement} {space_unit}")',
  );
}

function imageCells(cells: Cells, request: NotebookRequest, films: readonly StudyItem[]): void {
  const text = translator(request.language);
  const images = films.flatMap((item) => item.images.map((image, index) => ({ item, image, index })));
  const { sizes, type } = images[0]!.image;
  const { t, c, z, y, x } = sizes;
  const bytes = t * c * z * y * x * (Number(/\d+/.exec(type)?.[0] ?? 8) / 8);
  const isCopied = bytes <= mostCopied;
  cells.words(
    `## ${text('notebook.image')}`,
    `${text('notebook.imageText', { sizes: [t, c, z, y, x].join(' × ') })}${images.length > 1 ? ` ${text('notebook.more')}` : ''}`,
  );
  const addresses = images.map(({ item, index }) =>
    isCopied
      ? request.urls(item.id).exported('ome-zarr-0.4.zip', { image: index })
      : `${request.urls(item.id).content(`image-${index}.zarr`)}/0`,
  );
  const opened = isCopied
    ? [
        'import tempfile',
        'import urllib.request',
        'from zarr.storage import ZipStore',
        'with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as copy:',
        '    copy.write(urllib.request.urlopen(films[0]).read())',
        'film = zarr.open(ZipStore(copy.name, mode="r"), mode="r")["0"]  # t, c, z, y, x',
      ]
    : ['film = zarr.open_array(films[0], mode="r")  # t, c, z, y, x; needs zarr 3'];
  cells.code(
    'import zarr',
    ...addressList('films', addresses),
    ...opened,
    't, c, z = film.shape[0] // 2, 0, film.shape[2] // 2',
    'plane = film[t, c, z]',
    'print(film.shape, film.dtype)',
    'fig, ax = plt.subplots()',
    'ax.imshow(plane, cmap="gray")',
    'ax.set_title(f"t = {t}, c = {c}, z = {z}")',
    'plt.show()',
  );
  // The first plane of z only: a notebook shows the way, and a large film stays where it is.
  if (c < 2 && t < 2) return;
  const [words, formula] =
    c >= 2
      ? (['notebook.ratioChannels', 'means[:, 0] / means[:, 1]'] as const)
      : (['notebook.ratioFrames', 'means[:, 0] / means[0, 0]'] as const);
  cells.words(`## ${text('notebook.ratio')}`, text(words));
  cells.code(
    'frames = range(min(film.shape[0], 200))',
    'channels = range(min(film.shape[1], 2))',
    'means = np.array([[film[frame, channel, z].mean() for channel in channels] for frame in frames])',
    'with np.errstate(divide="ignore", invalid="ignore"):',
    `    ratio = ${formula}`,
    'fig, ax = plt.subplots()',
    'ax.plot(frames, ratio)',
    'ax.set_xlabel("frame")',
    'ax.set_ylabel("intensity ratio")',
    'plt.show()',
  );
}
