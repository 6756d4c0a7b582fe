import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { apiBase, type Notebook, type Snippet, snippetsOf } from '@micrarium/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { depositor, hasSamples, makeOwner, makeToken, samples } from '../journeys/depositor.ts';
import { removeData, type RunningServer, startServer } from '../journeys/server-under-test.ts';
import { hasNotebookPython, runNotebook, runTypeScriptNotebook } from './run-notebook.ts';

const run = promisify(execFile);
const python = '/usr/bin/python3';
const examples = resolve(import.meta.dirname, '../../examples');

/** Is a Python with the modules there? Said once, loudly, where it is not. */
function hasPython(...modules: string[]): boolean {
  const found = spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0;
  if (!found) console.warn(`${python} with ${modules.join(', ')} is not there: its one-liners are not run.`);
  return found;
}

describe.runIf(hasSamples)('the one-liners of the study page open the data of a running server', () => {
  let server: RunningServer;
  let folder: string;
  let snippets: Snippet[];
  let study: string;
  const snippet = (language: Snippet['language'], form: string) => {
    const found = snippets.find((one) => one.language === language && one.form === form);
    if (!found) throw new Error(`No one-liner for ${form} in ${language}`);
    return found.code;
  };
  const inPython = async (code: string, then: string) =>
    (await run(python, ['-c', `${code}\n${then}`], { cwd: folder, maxBuffer: 2 ** 26 })).stdout.trim();
  /** Runs lines below the checkout, where imports find what `npm ci` installed. */
  const inTypeScript = async (code: string, then: string) => {
    const file = join(folder, `lines-${Math.random().toString(36).slice(2)}.ts`);
    writeFileSync(file, `${code}\n${then}\n`);
    return (await run(process.execPath, [file])).stdout.trim();
  };

  beforeAll(async () => {
    const build = resolve(import.meta.dirname, '../../.build');
    mkdirSync(build, { recursive: true });
    folder = mkdtempSync(join(build, 'one-liners-'));
    server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
    const ada = depositor(server.url, (await makeToken(await makeOwner(server), ['deposit'])).secret);
    const paths = ['images/tiff/FakeTracks.tif', 'tracks/trackmate/faketracks-v3.4.2.xml'];
    const metadata = join(folder, 'study.json');
    const declared = { trainingTask: 'tracking', annotationType: 'tracks', split: 'train', sampleId: 'film 1' };
    writeFileSync(
      metadata,
      JSON.stringify({ ...JSON.parse(readFileSync(join(examples, 'study.json'), 'utf8')), ...declared }),
    );
    const options = ['--metadata', metadata, '--accept-pairs', '--publish'];
    const deposited = await ada.deposit([...paths.map((path) => join(samples, path)), ...options]);
    expect(deposited.code, deposited.stderr).toBe(0);
    study = deposited.answer!.study;
    const address = `${server.url}${apiBase}/studies/${study}`;
    const version = (await (await fetch(address)).json()) as {
      items: (Parameters<typeof snippetsOf>[0] & { id: string })[];
    };
    snippets = version.items.flatMap((item) => {
      const base = `${address}/versions/1/items/${item.id}`;
      const number = ({ part, image }: { part?: number; image?: number }) =>
        part === undefined ? `image=${image}` : `part=${part}`;
      return snippetsOf(item, {
        content: (path) => `${base}/content/${path}`,
        exported: (form, which) => `${base}/export/${form}?${number(which)}`,
      });
    });
    // They are the lines the page shows, to the letter.
    const page = await (await fetch(`${server.url}/studies/${study}/v/1`)).text();
    const plain = page
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&');
    for (const { code } of snippets) expect(plain).toContain(code);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test.runIf(hasPython('pandas'))('pandas reads the objects as CSV', async () => {
    const then = 'print(len(objects), objects["frame"].nunique(), objects["x"].notna().all())';
    expect(await inPython(snippet('Python', 'objects.csv'), then)).toBe('243 50 True');
  });

  test.runIf(hasPython('h5py'))('h5py reads BD5', async () => {
    const then = [
      'import numpy as np',
      'frames = [key for key in bd5 if key.isdigit()]',
      'print(len(frames), sum(len(table) for key in frames for table in bd5[key]["object"].values()))',
    ];
    expect(await inPython(snippet('Python', 'bd5.h5'), then.join('\n'))).toBe('50 243');
  });

  test.runIf(hasPython('zarr', 'tifffile'))('zarr reads the film, pixel for pixel', async () => {
    const then = [
      'import tifffile, numpy as np',
      `truth = tifffile.imread(${JSON.stringify(join(samples, 'images/tiff/FakeTracks.tif'))})`,
      'print(film.shape, film.dtype, bool(np.array_equal(np.squeeze(film[:]), truth)))',
    ];
    expect(await inPython(snippet('Python', 'ome-zarr-0.4.zip'), then.join('\n'))).toBe(
      '(50, 1, 1, 128, 128) uint8 True',
    );
  });

  test.runIf(hasNotebookPython)('the notebook of the data set runs as it is', async () => {
    const page = await (await fetch(`${server.url}/studies/${study}/v/1`)).text();
    const link = /href="([^"]+notebook\.ipynb[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    const notebook = (await (await fetch(`${server.url}${link}`)).json()) as Notebook;
    const { lines, plots } = await runNotebook(notebook, folder, 'print(ratio[0], len(ratio), len(paths))');
    expect(plots).toBe(4);
    expect(lines).toEqual(expect.arrayContaining(['243 objects in 50 frames', '(50, 1, 1, 128, 128) uint8']));
    expect(lines.at(-1)).toMatch(/^1\.0 50 \d+$/);
  });

  test('the notebook in TypeScript is checked strictly and runs as it is', async () => {
    const page = await (
      await fetch(`${server.url}/studies/${study}/v/1`, { headers: { 'accept-language': 'ja' } })
    ).text();
    const link = /href="([^"]+notebook\.ipynb[^"]*code=typescript)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    const answer = await fetch(`${server.url}${link}`);
    expect(answer.headers.get('content-disposition')).toContain('-typescript.ipynb');
    const notebook = (await answer.json()) as Notebook;
    expect(notebook.metadata.kernelspec.name).toBe('deno');
    const then = [
      "const display = Symbol.for('Jupyter.display');",
      "const shownOf = (picture: ReturnType<typeof shown>) => Object.entries(picture[display]?.() ?? {})[0] ?? ['', ''];",
      "const [kind, svg] = shownOf(plot(ways, 'x', 'y', true));",
      "console.log(kind, svg.split('<polyline').length - 1, svg.includes('NaN'));",
      'const [, page] = shownOf(picture(pixels, width, height));',
      "const bitmap = atob(/base64,([^\"]+)/.exec(page)?.[1] ?? '');",
      'console.log(bitmap.slice(0, 2), bitmap.length, width, height, brightest);',
      'console.log(curve.length, Math.max(...curve.map((one) => one.objects)), paths.length);',
    ];
    const lines = await runTypeScriptNotebook(notebook, folder, then.join('\n'));
    expect(lines).toEqual(expect.arrayContaining(['243 objects in 50 frames', '(50, 1, 1, 128, 128) uint8']));
    const [drawn, bitmap, counted] = lines.slice(-3);
    expect(drawn).toMatch(/^image\/svg\+xml 12 false$/);
    expect(bitmap).toMatch(/^BM 17462 128 128 2\d\d$/);
    expect(counted).toMatch(/^50 \d+ 12$/);
  });

  test.runIf(hasPython('hashlib'))('Croissant and COCO are loaded by the line on the page', async () => {
    const page = await (await fetch(`${server.url}/studies/${study}/v/1`)).text();
    const code = /import json, urllib\.request\ncroissant[^<]+/
      .exec(page)![0]
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
    const then = [
      'import hashlib',
      'files = croissant["distribution"]',
      'good = [hashlib.sha256(urllib.request.urlopen(f["contentUrl"]).read()).hexdigest() == f["sha256"] for f in files]',
      'print(len(files), all(good), croissant["recordSet"][0]["data"][0]["datasets/split"])',
      'boxes = [a["bbox"] for a in coco["annotations"]]',
      'print(len(coco["images"]), len(boxes), [round(v, 3) for v in boxes[0]], coco["images"][0]["width"])',
    ];
    // The first spot lies at (64.004, 3.957) with radius 2.5: its box begins at 64.004 + 0.5 - 2.5, counted from the pixel's corner.
    expect((await inPython(code, then.join('\n'))).split('\n')).toEqual([
      '2 True train',
      '50 243 [62.004, 1.957, 5, 5] 128',
    ]);
  });

  test.runIf(hasPython('zarr', 'tifffile'))('the training set as Zarr is loaded by the line on the page', async () => {
    const page = await (await fetch(`${server.url}/studies/${study}/v/1`)).text();
    const code = /import urllib\.request, zarr\.storage\ntraining_zip[^<]+/
      .exec(page)![0]
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
    expect(code).toContain('training["train"]');
    const coco = `${server.url}${/href="([^"]+coco\.json)"/.exec(page)![1]}`;
    const then = [
      'import json, tifffile, numpy as np',
      `truth = tifffile.imread(${JSON.stringify(join(samples, 'images/tiff/FakeTracks.tif'))})`,
      'print(sorted(training), pixels.shape, bool(np.array_equal(np.squeeze(pixels[:]), truth)))',
      'drawn = labels["objects"][:]',
      'index = json.loads(training.store["training.json"])',
      'print(drawn.shape, drawn.dtype, index["images"][0]["labels"][0]["values"])',
      // What COCO says of an object, its label shows: each centre holds its object, and nothing else is drawn.
      `coco = json.load(urllib.request.urlopen("${coco}"))`,
      'inside = [drawn[a["image_id"] - 1, 0, 0, int(a["bbox"][1] + a["bbox"][3] / 2), int(a["bbox"][0] + a["bbox"][2] / 2)] == a["object_id"] + 1 for a in coco["annotations"]]',
      'print(len(inside), all(inside), set(np.unique(drawn)) == {0, *(a["object_id"] + 1 for a in coco["annotations"])})',
    ];
    expect((await inPython(code, then.join('\n'))).split('\n')).toEqual([
      "['train'] (50, 1, 1, 128, 128) True",
      '(50, 1, 1, 128, 128) uint32 object_id + 1',
      '243 True True',
    ]);
  });

  test('TypeScript reads the objects as Parquet', async () => {
    const then = 'console.log(objects.length, new Set(objects.map((one) => one.frame)).size);';
    expect(await inTypeScript(snippet('TypeScript', 'objects.parquet'), then)).toBe('243 50');
  });

  test('TypeScript reads a plane of the film', async () => {
    const then =
      'console.log(JSON.stringify(film.shape), plane.shape.join(), Math.max(...(plane.data as Uint8Array)) > 200);';
    expect(await inTypeScript(snippet('TypeScript', 'image-0.zarr'), then)).toBe('[50,1,1,128,128] 128,128 true');
  });

  test('the examples in TypeScript run', async () => {
    const example = async (name: string, argument: string) =>
      (await run(process.execPath, [join(examples, name), server.url, argument])).stdout.trim().split('\n');
    const measured = await example('find-and-measure.ts', 'moving spots');
    expect(measured.slice(0, 2)).toEqual([
      '1 studies for "moving spots"',
      `${study} Moving spots, an example: faketracks-v3.4.2.xml, faketracks-v3.4.2`,
    ]);
    expect(measured[2]).toMatch(/^ {2}track 0: \d+ objects, mean speed \d+\.\d{3} pixel\/second$/);
    const bright = /^243 objects; median brightness under them (\d+)$/.exec(
      (await example('film-under-tracks.ts', study))[0]!,
    );
    expect(Number(bright?.[1])).toBeGreaterThan(150);
  });

  test.runIf(hasPython('pandas'))('the example in Python runs', async () => {
    const { stdout } = await run(python, [join(examples, 'objects.py'), server.url, study]);
    expect(stdout).toContain('243 objects in 50 frames');
    expect(stdout).toContain('Yamada, H. (2026). Moving spots, an example');
  });
});
