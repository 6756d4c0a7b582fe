import type { StudyItem } from '@micrarium/model';
import { translator } from './messages/messages.ts';
import { type Cells, literal, mostNamed, type NotebookRequest, printedUnit, unitWords } from './notebook-cells.ts';

/** Packages that the cells read with, as Deno fetches them from npm: the ones our own pages read these files with. */
const parquetPackage = 'npm:hyparquet@1';
const zarrPackage = 'npm:zarrita@0.7';

/**
 * The cells of a notebook in TypeScript. Taken together, in order, they are one module that a strict compiler accepts; `npm:` before a
 * package's name and its version are all that is Deno's own. Pictures are SVG and bitmaps shown by the symbol that Deno's kernel asks
 * results for (https://docs.deno.com/runtime/reference/cli/jupyter/), so that the module also runs where nothing is shown.
 */
export function typeScriptCells(
  cells: Cells,
  request: NotebookRequest,
  { tracked, films }: { tracked: readonly StudyItem[]; films: readonly StudyItem[] },
): void {
  cells.code(
    `const citation = ${literal(request.citation)};`,
    'console.log(citation);',
    '',
    '/** A picture below its cell; where there is no notebook, its words. */',
    'function shown(type: string, content: string, words: string) {',
    "  return { [Symbol.for('Jupyter.display')]: () => ({ [type]: content, 'text/plain': words }) };",
    '}',
  );
  if (tracked.length > 0) trackCells(cells, request, tracked);
  if (films.length > 0) imageCells(cells, request, films);
}

/** A list of addresses, one to a line, of which the first is taken. */
const addressList = (name: string, addresses: readonly string[]): string[] => [
  `const ${name} = [`,
  ...addresses.slice(0, mostNamed).map((address) => `  ${literal(address)},`),
  '];',
];

function trackCells(cells: Cells, request: NotebookRequest, items: readonly StudyItem[]): void {
  const { language } = request;
  const text = translator(language);
  const sets = items.flatMap((item) => item.trackSets.map((set) => ({ item, set })));
  const first = sets[0]!.set;
  const [space, time] = [first.spaceUnit, first.timeUnit ?? 'frame'];
  const named = first.columns.find(({ name }) => name === 'label') ?? first.columns.find(({ name }) => name === 'name');
  cells.words(
    `## ${text('notebook.objects')}`,
    `${text('notebook.objectsText', { space: unitWords(space, language), time: unitWords(time, language) })}${sets.length > 1 ? ` ${text('notebook.more')}` : ''}`,
  );
  cells.code(
    `import { asyncBufferFromUrl, parquetMetadataAsync, parquetReadObjects, parquetSchema } from '${parquetPackage}';`,
    '',
    ...addressList(
      'tables',
      sets.map(({ item, set }) => request.urls(item.id).content(`tracks-${set.part}/objects.parquet`)),
    ),
    'interface Row {',
    '  frame: number;',
    '  time?: number;',
    '  x: number;',
    '  y: number;',
    '  z?: number;',
    '  link_id?: number | null;',
    ...(named ? [`  ${named.name}?: unknown;`] : []),
    '}',
    '// Only these columns are fetched, by ranges, where the table has them.',
    `const names = ['frame', 'time', 'x', 'y', 'z', 'link_id'${named ? `, '${named.name}'` : ''}];`,
    'const file = await asyncBufferFromUrl({ url: tables[0]! });',
    'const schema = parquetSchema(await parquetMetadataAsync(file));',
    'const present = schema.children.map(({ element }) => element.name);',
    'const columns = names.filter((name) => present.includes(name));',
    'const objects = (await parquetReadObjects({ file, columns })) as unknown as Row[];',
    `const spaceUnit = ${literal(printedUnit(space))};`,
    `const timeUnit = present.includes('time') ? ${literal(printedUnit(time))} : 'frame';`,
    'const frames = new Set(objects.map(({ frame }) => frame)).size;',
    'console.log(`${objects.length} objects in ${frames} frames`);',
    'console.table(objects.slice(0, 5));',
  );
  countCells(cells, request);
  if (first.counts.edges > 0) pathCells(cells, request);
  if (named) namedCells(cells, request, named.name);
}

function countCells(cells: Cells, { language }: NotebookRequest): void {
  cells.words(`## ${translator(language)('notebook.counts')}`);
  cells.code(
    'type Line = (readonly [x: number, y: number])[];',
    '',
    '/** A plot of lines; as in an image, with y downwards and both axes alike, where that is asked for. */',
    'function plot(lines: Line[], xLabel: string, yLabel: string, asImage = false) {',
    '  const [width, height, margin] = [640, 400, 48];',
    '  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];',
    '  for (const line of lines)',
    '    for (const [x, y] of line) {',
    '      [left, right] = [Math.min(left, x), Math.max(right, x)];',
    '      [low, high] = [Math.min(low, y), Math.max(high, y)];',
    '    }',
    '  let across = (width - 2 * margin) / (right - left || 1);',
    '  let up = (height - 2 * margin) / (high - low || 1);',
    '  if (asImage) across = up = Math.min(across, up);',
    '  const placed = ([x, y]: readonly [number, number]) => {',
    '    const rise = (asImage ? high - y : y - low) * up;',
    '    return `${(margin + (x - left) * across).toFixed(1)},${(height - margin - rise).toFixed(1)}`;',
    '  };',
    "  const written = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');",
    '  const number = (value: number) => String(Number(value.toPrecision(4)));',
    '  const label = (x: number, y: number, words: string, more = "") =>',
    '    `<text x="${x}" y="${y}" ${more}>${written(words)}</text>`;',
    '  const drawn = lines.map((line, at) => {',
    '    const colour = `hsl(${(at * 137) % 360} 60% 42%)`;',
    '    return `<polyline fill="none" stroke="${colour}" points="${line.map(placed).join(" ")}"/>`;',
    '  });',
    '  const words = [',
    '    label(width / 2, height - 8, `${xLabel}: ${number(left)} to ${number(right)}`, \'text-anchor="middle"\'),',
    '    label(margin, 20, `${yLabel}: ${number(low)} to ${number(high)}`),',
    '  ];',
    '  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-size="13"',
    '    font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>${drawn.join("")}${words.join("")}</svg>`;',
    "  return shown('image/svg+xml', svg, `${lines.length} lines of ${yLabel} by ${xLabel}`);",
    '}',
    '',
    'const counts = new Map<number, { time: number; objects: number }>();',
    'for (const { frame, time } of objects) {',
    '  const found = counts.get(frame);',
    '  if (found) found.objects += 1;',
    '  else counts.set(frame, { time: time ?? frame, objects: 1 });',
    '}',
    'const curve = [...counts].sort(([a], [b]) => a - b).map(([, one]) => one);',
    'const [begin, end] = [curve[0], curve.at(-1)];',
    'if (begin && end)',
    '  console.log(`${begin.objects} objects at ${begin.time}, ${end.objects} at ${end.time} (${timeUnit})`);',
    'const proliferation: Line = curve.map((one) => [one.time, one.objects]);',
    "plot([proliferation], `time (${timeUnit})`, 'objects');",
  );
}

function pathCells(cells: Cells, { language }: NotebookRequest): void {
  const text = translator(language);
  cells.words(`## ${text('notebook.tracks')}`, text('notebook.tracksText'));
  cells.code(
    'const distance = (a: Row, b: Row) => Math.hypot(b.x - a.x, b.y - a.y, (b.z ?? 0) - (a.z ?? 0));',
    'const links = new Map<number, Row[]>();',
    'for (const one of objects) {',
    "  if (typeof one.link_id !== 'number') continue;",
    '  const rows = links.get(one.link_id);',
    '  if (rows) rows.push(one);',
    '  else links.set(one.link_id, [one]);',
    '}',
    'const paths = [...links].map(([link, rows]) => {',
    '  rows.sort((a, b) => a.frame - b.frame);',
    '  let pathLength = 0;',
    '  for (let at = 1; at < rows.length; at++) pathLength += distance(rows[at - 1]!, rows[at]!);',
    '  return { link, objects: rows.length, pathLength, displacement: distance(rows[0]!, rows.at(-1)!) };',
    '});',
    'const lengths = paths.map(({ pathLength }) => pathLength).sort((a, b) => a - b);',
    'const median = lengths[Math.floor(lengths.length / 2)];',
    'console.log(`${paths.length} paths, median length ${median} ${spaceUnit}`);',
    'console.table(paths.slice(0, 10));',
    'const ways = [...links.values()].slice(0, 2000).map((rows): Line => rows.map(({ x, y }) => [x, y]));',
    'plot(ways, `x (${spaceUnit})`, `y (${spaceUnit})`, true);',
  );
}

function namedCells(cells: Cells, { language, objectName }: NotebookRequest, column: string): void {
  const text = translator(language);
  cells.words(`## ${text('notebook.named')}`, text('notebook.namedText'));
  cells.code(
    'const byName = new Map<string, Row[]>();',
    'for (const one of objects) {',
    `  if (one.${column} === undefined || one.${column} === null) continue;`,
    `  const rows = byName.get(String(one.${column}));`,
    '  if (rows) rows.push(one);',
    `  else byName.set(String(one.${column}), [one]);`,
    '}',
    objectName === undefined
      ? "const name = [...byName].reduce((most, one) => (one[1].length > most[1].length ? one : most), ['', [] as Row[]])[0];"
      : `const name = ${literal(objectName)};`,
    'const rowsOfName = (byName.get(name) ?? []).sort((a, b) => a.frame - b.frame);',
    'let way = 0;',
    'for (let at = 1; at < rowsOfName.length; at++) {',
    '  const [a, b] = [rowsOfName[at - 1]!, rowsOfName[at]!];',
    '  way += Math.hypot(b.x - a.x, b.y - a.y, (b.z ?? 0) - (a.z ?? 0));',
    '}',
    'console.log(`${name}: ${rowsOfName.length} frames, displacement ${way} ${spaceUnit}`);',
  );
}

function imageCells(cells: Cells, request: NotebookRequest, films: readonly StudyItem[]): void {
  const text = translator(request.language);
  const images = films.flatMap((item) => item.images.map((image, index) => ({ item, image, index })));
  const { t, c, z, y, x } = images[0]!.image.sizes;
  cells.words(
    `## ${text('notebook.image')}`,
    `${text('notebook.imageText', { sizes: [t, c, z, y, x].join(' × ') })} ${text('notebook.imagePart')}${images.length > 1 ? ` ${text('notebook.more')}` : ''}`,
  );
  cells.code(
    `import * as zarr from '${zarrPackage}';`,
    '',
    ...addressList(
      'films',
      images.map(({ item, index }) => `${request.urls(item.id).content(`image-${index}.zarr`)}/0`),
    ),
    "const film = await zarr.open(new zarr.FetchStore(films[0]!), { kind: 'array' }); // t, c, z, y, x",
    'const [sizeT = 1, , sizeZ = 1, sizeY = 1, sizeX = 1] = film.shape;',
    '/** The middle of an axis, at most 2048 pixels. */',
    'const middle = (size: number) => {',
    '  const first = Math.max(0, Math.floor(size / 2) - 1024);',
    '  return zarr.slice(first, Math.min(size, first + 2048));',
    '};',
    'const [t, c, z] = [Math.floor(sizeT / 2), 0, Math.floor(sizeZ / 2)];',
    'const plane = await zarr.get(film, [t, c, z, middle(sizeY), middle(sizeX)]);',
    'const pixels = Float64Array.from(plane.data as unknown as ArrayLike<number>, Number);',
    'const [height = 1, width = 1] = plane.shape;',
    'let [darkest, brightest, sum] = [Infinity, -Infinity, 0];',
    'for (const value of pixels) {',
    '  darkest = Math.min(darkest, value);',
    '  brightest = Math.max(brightest, value);',
    '  sum += value;',
    '}',
    "console.log(`(${film.shape.join(', ')}) ${film.dtype}`);",
    'console.log(`t = ${t}, c = ${c}, z = ${z}: ${darkest} to ${brightest}, mean ${sum / pixels.length}`);',
  );
  cells.code(
    '/** Pixels as a grey bitmap of 256 steps. */',
    'function picture(values: Float64Array, width: number, height: number) {',
    '  const row = Math.ceil(width / 4) * 4;',
    '  const bytes = new Uint8Array(1078 + row * height);',
    '  const header = new DataView(bytes.buffer);',
    '  header.setUint16(0, 0x424d); // "BM"',
    '  header.setUint32(2, bytes.length, true);',
    '  header.setUint32(10, 1078, true);',
    '  header.setUint32(14, 40, true);',
    '  header.setInt32(18, width, true);',
    '  header.setInt32(22, -height, true); // the first row is the uppermost',
    '  header.setUint16(26, 1, true);',
    '  header.setUint16(28, 8, true);',
    '  for (let grey = 0; grey < 256; grey++) bytes.fill(grey, 54 + grey * 4, 57 + grey * 4);',
    '  const scale = 255 / (brightest - darkest || 1);',
    '  values.forEach((value, at) => {',
    '    bytes[1078 + Math.floor(at / width) * row + (at % width)] = (value - darkest) * scale;',
    '  });',
    "  let text = '';",
    '  for (const byte of bytes) text += String.fromCharCode(byte);',
    '  const image = `<img src="data:image/bmp;base64,${btoa(text)}" alt="t = ${t}, c = ${c}, z = ${z}">`;',
    "  return shown('text/html', image, `${width} by ${height} pixels`);",
    '}',
    '',
    'picture(pixels, width, height);',
  );
}
