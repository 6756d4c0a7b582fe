/** Where a view is, for those who are to see it. */
export interface SharedView {
  /** `https://host`, without a slash. */
  origin: string;
  accession: string;
  version: number;
  item: string;
  /** Index of the image in its item. */
  image: number;
  /** Query of the viewer's address, with `?`, or `''`. */
  search: string;
  title: string;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The line that shows a view in another page. */
export function iframeLine(
  { origin, accession, version, item, search, title }: SharedView,
  width = 800,
  height = 600,
): string {
  const address = `${origin}/embed/${accession}/${version}/${item}${search}`;
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="${width}" height="${height}" style="border:0" loading="lazy" allowfullscreen></iframe>`;
}

/** Address of the image as an OME-Zarr, for other programs. */
export function zarrAddress({ origin, accession, version, item, image }: SharedView): string {
  return `${origin}/api/v1/studies/${accession}/versions/${version}/items/${item}/content/image-${image}.zarr`;
}

/** The view of neuroglancer with the image; it fetches from our server, which therefore must be reached from outside. */
export function neuroglancerAddress(zarr: string, name: string): string {
  const state = { layers: [{ type: 'image', name, source: `${zarr}/|zarr:` }] };
  return `https://neuroglancer-demo.appspot.com/#!${encodeURIComponent(JSON.stringify(state))}`;
}

/** The line for a terminal with napari and its OME-Zarr reader. */
export const napariLine = (zarr: string): string => `napari --plugin napari-ome-zarr "${zarr}"`;

/**
 * The line of a macro of Fiji that opens the largest level, read as it is looked at. The dialog of the same command would have to
 * list the folder, which Zarr behind an address cannot.
 */
export const fijiLine = (zarr: string): string => `run("HDF5/N5/Zarr/OME-NGFF ... ", "url=${zarr}?0 virtual");`;

/** What a notebook installs first. */
const installs = '%pip install -q "zarr>=3" fsspec aiohttp requests matplotlib';

/** Opens the image by ranges. */
const opening = (zarr: string): string[] => [
  'import zarr',
  `image = zarr.open_group(${JSON.stringify(zarr)}, mode="r")`,
  'about = dict(image.attrs)',
  'multiscales = about.get("ome", about)["multiscales"][0]',
  'axes = [axis["name"] for axis in multiscales["axes"]]',
  'full = image[multiscales["datasets"][0]["path"]]',
  'print(axes, full.shape, full.dtype)',
];

/** Shows the middle slice of the first time point. */
const showing = [
  'import matplotlib.pyplot as plt',
  'middle = tuple(slice(None) if axis in "yx" else (size // 2 if axis == "z" else 0) for axis, size in zip(axes, full.shape))',
  'plt.imshow(full[middle], cmap="gray")',
  'plt.axis("off");',
];

/** Colab with an empty notebook. It opens notebooks of GitHub and Drive, and none of another server. */
export const emptyColab = 'https://colab.research.google.com/#create=true';

/** The notebook of an image as one cell, to be pasted into an empty one. */
export const cellOf = (zarr: string, page: string): string =>
  [`# ${page}`, installs, ...opening(zarr), ...showing].join('\n');

/** A notebook that opens the image by ranges and shows its first plane: for Binder or any Jupyter. */
export function notebookOf(zarr: string, title: string, page: string): string {
  const code = (...lines: string[]) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source: lines.map((line, at) => (at < lines.length - 1 ? `${line}\n` : line)),
  });
  return JSON.stringify(
    {
      nbformat: 4,
      nbformat_minor: 4,
      metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
      cells: [
        { cell_type: 'markdown', metadata: {}, source: [`# ${title}\n`, '\n', page] },
        code(installs),
        code(...opening(zarr)),
        code(...showing),
      ],
    },
    null,
    1,
  );
}
