import type { StudyItem } from '@micrarium/model';

/** Lines that open a form of an item in another program. Shown on every study page; the tests run those that Debian 12 can run. */
export interface Snippet {
  language: 'Python' | 'R' | 'TypeScript';
  /** What it opens: `objects.csv`, `image-0.zarr`... */
  form: string;
  code: string;
  /** What must be installed: names of packages, the same in every language. */
  needs: string;
  /** Oldest version of it that will do, where an older one will not. */
  since?: string;
}

/** Addresses of an item's forms on a server. */
export interface ItemUrls {
  /** Of a stored form (`image-0.zarr`, `tracks-0/objects.parquet`). */
  content(path: string): string;
  /** Of a form made on demand (`objects.csv`, `bd5.h5`, `ome-zarr-0.4.zip`), with its track set or image. */
  exported(form: string, which: { part?: number; image?: number }): string;
}

/** One-liners for an item: its first image and its first track set. */
export function snippetsOf(item: Pick<StudyItem, 'images' | 'trackSets'>, urls: ItemUrls): Snippet[] {
  return [
    ...(item.trackSets.length > 0 ? trackSnippets(urls) : []),
    ...(item.images.length > 0 ? imageSnippets(urls) : []),
  ];
}

function trackSnippets(urls: ItemUrls): Snippet[] {
  const csv = urls.exported('objects.csv', { part: 0 });
  const bd5 = urls.exported('bd5.h5', { part: 0 });
  const parquet = urls.content('tracks-0/objects.parquet');
  return [
    {
      language: 'Python',
      form: 'objects.csv',
      needs: 'pandas',
      code: `import pandas as pd\nobjects = pd.read_csv("${csv}")`,
    },
    {
      language: 'Python',
      form: 'objects.parquet',
      needs: 'pandas + pyarrow',
      code: `import pandas as pd\nobjects = pd.read_parquet("${parquet}")`,
    },
    {
      language: 'Python',
      form: 'bd5.h5',
      needs: 'h5py',
      code: `import h5py, io, urllib.request\nbd5 = h5py.File(io.BytesIO(urllib.request.urlopen("${bd5}").read()))["data"]`,
    },
    { language: 'R', form: 'objects.csv', needs: 'R', code: `objects <- read.csv("${csv}")` },
    { language: 'R', form: 'objects.parquet', needs: 'arrow', code: `objects <- arrow::read_parquet("${parquet}")` },
    {
      language: 'TypeScript',
      form: 'objects.parquet',
      needs: 'hyparquet',
      code: `import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet';\nconst objects = await parquetReadObjects({ file: await asyncBufferFromUrl({ url: '${parquet}' }) });`,
    },
  ];
}

function imageSnippets(urls: ItemUrls): Snippet[] {
  const zarr = urls.content('image-0.zarr');
  const zip = urls.exported('ome-zarr-0.4.zip', { image: 0 });
  return [
    {
      language: 'Python',
      form: 'image-0.zarr',
      needs: 'zarr',
      since: '3',
      code: `import zarr\nfilm = zarr.open_array("${zarr}/0", mode="r")  # t, c, z, y, x`,
    },
    {
      language: 'Python',
      form: 'ome-zarr-0.4.zip',
      needs: 'zarr',
      since: '2',
      code: `import urllib.request, zarr\nname, _ = urllib.request.urlretrieve("${zip}", "film.zarr.zip")\nfilm = zarr.open(zarr.ZipStore(name, mode="r"), mode="r")["0"]  # t, c, z, y, x`,
    },
    {
      language: 'R',
      form: 'image-0.zarr',
      needs: 'Rarr',
      since: '1.10',
      code: `film <- Rarr::read_zarr_array("${zarr}/0")`,
    },
    {
      language: 'TypeScript',
      form: 'image-0.zarr',
      needs: 'zarrita',
      code: `import * as zarr from 'zarrita';\nconst film = await zarr.open(new zarr.FetchStore('${zarr}/0'), { kind: 'array' });\nconst plane = await zarr.get(film, [0, 0, 0, null, null]);`,
    },
  ];
}
