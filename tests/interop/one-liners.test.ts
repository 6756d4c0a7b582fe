import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** Are these programs there? Said once, loudly, where one is not. */
function hasPrograms(...names: string[]): boolean {
  const missing = names.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length > 0) console.warn(`${missing.join(', ')} is not there: what needs it is not run.`);
  return missing.length === 0;
}

const hasR = spawnSync('Rscript', ['-e', 'library(jsonlite)']).status === 0;
if (!hasR) console.warn('Rscript with jsonlite is not there: the small file for R is not run.');

describe.runIf(hasSamples)('the one-liners of the study page open the data of a running server', () => {
  let server: RunningServer;
  let folder: string;
  let snippets: Snippet[];
  let study: string;
  let token: string;
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
    token = (await makeToken(await makeOwner(server), ['deposit'])).secret;
    const ada = depositor(server.url, token);
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
      // A frame as the picture it names: a PNG of the size that the boxes are in.
      'png = urllib.request.urlopen(coco["images"][7]["coco_url"]).read()',
      'print(png[1:4].decode(), int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big"))',
    ];
    // The first spot lies at (64.004, 3.957) with radius 2.5: its box begins at 64.004 + 0.5 - 2.5, counted from the pixel's corner.
    expect((await inPython(code, then.join('\n'))).split('\n')).toEqual([
      '3 True train',
      '50 243 [62.004, 1.957, 5, 5] 128',
      'PNG 128 128',
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

  test('the packed client is installed in an empty folder, and finds, reads and checks as in the checkout', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'micrarium-client-'));
    try {
      const made = join(empty, 'client');
      await run(process.execPath, [resolve(import.meta.dirname, '../../tools/client-package.ts'), made]);
      const inEmpty = (command: string, args: string[]) => run(command, args, { cwd: empty });
      await inEmpty('npm', ['pack', made]);
      const [archive] = readdirSync(empty).filter((name) => name.endsWith('.tgz'));
      writeFileSync(join(empty, 'package.json'), '{ "private": true, "type": "module" }');
      await inEmpty('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${archive}`]);
      // As plain JavaScript: what is below node_modules is not stripped of types.
      const lines = [
        "import { ApiError, createClient, routes } from '@micrarium/client';",
        `const client = createClient({ server: '${server.url}' });`,
        "const { studies } = await client.call(routes.searchStudies, { query: { q: 'moving spots' } });",
        'const { accession, version } = studies[0];',
        'const { items } = await client.call(routes.getVersion, { params: { accession, version } });',
        'const item = items.find(({ trackSets }) => trackSets.length > 0).id;',
        'const params = { accession, version, item };',
        'const { rows } = await client.call(routes.listObjects, { params, query: { frame: 0, limit: 1000 } });',
        "const csv = await fetch(client.url(routes.exportItem, { params: { ...params, form: 'objects.csv' } }));",
        "const text = (await csv.text()).trim().split('\\n').length;",
        "const fault = await client.call(routes.getStudy, { params: { accession: 'MIC-999999' } }).catch((one) => one);",
        'console.log(accession, rows.length, text, fault instanceof ApiError, fault.code);',
      ];
      writeFileSync(join(empty, 'read.mjs'), lines.join('\n'));
      const { stdout } = await inEmpty(process.execPath, ['read.mjs']);
      expect(stdout.trim()).toMatch(new RegExp(`^${study} \\d+ 244 true not-found$`));
      const typed = [
        "import { createClient, routes, type StudyVersion } from '@micrarium/client';",
        "const client = createClient({ server: '' });",
        "const study: StudyVersion = await client.call(routes.getStudy, { params: { accession: 'a' } });",
        'export const counts: number[] = study.items.flatMap(({ trackSets }) => trackSets.map((one) => one.counts.objects));',
        '// @ts-expect-error the version is missing',
        "await client.call(routes.getVersion, { params: { accession: 'a' } });",
        '// @ts-expect-error there is no such field',
        'export const nothing = study.nothing;',
      ];
      writeFileSync(join(empty, 'typed.ts'), typed.join('\n'));
      const options = { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [] };
      const config = { compilerOptions: { ...options, noEmit: true }, include: ['typed.ts'] };
      writeFileSync(join(empty, 'tsconfig.json'), JSON.stringify(config));
      const compiler = resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
      await inEmpty(process.execPath, [compiler, '-p', '.']);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
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

  test.runIf(hasPrograms('curl', 'tar'))('the example with tar and curl deposits a folder', async () => {
    const root = join(folder, 'my-folder');
    mkdirSync(join(root, 'plate 1'), { recursive: true });
    writeFileSync(join(root, 'plate 1/tracks.csv'), 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n');
    writeFileSync(join(root, 'README.txt'), 'Two spots.\n');
    const environment = { ...process.env, MICRARIUM_TOKEN: token };
    const { stdout } = await run('sh', [join(examples, 'deposit.sh'), server.url, root], { env: environment });
    const draft = /^http.*\/deposit\/([\w-]+)\n$/.exec(stdout)![1]!;
    const answer = await fetch(`${server.url}${apiBase}/drafts/${draft}/files`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { files } = (await answer.json()) as { files: { path: string; state: string }[] };
    expect(files.map(({ path, state }) => [path, state])).toEqual([
      ['README.txt', 'verified'],
      ['plate 1/tracks.csv', 'verified'],
    ]);
  });

  test.runIf(hasPython('pandas', 'zarr'))('the small file for Python reads studies, tables and films', async () => {
    const code = [
      'import sys',
      `sys.path.insert(0, ${JSON.stringify(examples)}); sys.dont_write_bytecode = True`,
      'import micrarium',
      `server = "${server.url}/"`,
      'print(list(micrarium.search(server, "moving spots")["accession"]))',
      `study = micrarium.study(server, "${study}")`,
      'objects = micrarium.rows(study)',
      'some = micrarium.rows(study, fromFrame=3, toFrame=4)',
      'print(len(objects), sorted(some["frame"].unique()), micrarium.units(study)["x"])',
      'print([len(micrarium.rows(study, table)) for table in ("edges", "links", "tracks")])',
      'print(micrarium.sql(server, "SELECT count(*) AS n FROM objects")["n"][0], micrarium.film(study).shape)',
    ];
    const lines = (await inPython(code.join('\n'), '')).split('\n');
    expect(lines.slice(0, 3)).toEqual([`['${study}']`, '243 [3, 4] pixel', '[230, 12, 4]']);
    expect(lines[3]).toBe('243 (50, 1, 1, 128, 128)');
  });

  test.runIf(hasR)('R reads the objects as CSV', async () => {
    const then = 'cat(nrow(objects), length(unique(objects$frame)), all(is.finite(objects$x)))';
    const { stdout } = await run('Rscript', ['-e', `${snippet('R', 'objects.csv')}\n${then}`], { cwd: folder });
    expect(stdout.trim()).toBe('243 50 TRUE');
  });

  test.runIf(hasR)('the small file for R reads studies and tables', async () => {
    const code = [
      `source(${JSON.stringify(join(examples, 'micrarium.R'))})`,
      `server <- "${server.url}/"`,
      'cat(mic_search(server, "moving spots")$accession, "\\n")',
      `study <- mic_study(server, "${study}")`,
      'cat(nrow(mic_rows(study)), unique(mic_rows(study, fromFrame = 3, toFrame = 4)$frame), mic_units(study)[["x"]], "\\n")',
      'cat(nrow(mic_rows(study, "links")), mic_sql(server, "SELECT count(*) AS n FROM objects")$n, "\\n")',
    ];
    const { stdout } = await run('Rscript', ['-e', code.join('\n')], { cwd: folder });
    expect(stdout.trim().split(/\s*\n/)).toEqual([study, '243 3 4 pixel', '12 243']);
  });

  test.runIf(hasPython('pandas'))('the example in Python runs', async () => {
    const { stdout } = await run(python, [join(examples, 'objects.py'), server.url, study]);
    expect(stdout).toContain('243 objects in 50 frames');
    expect(stdout).toContain('Yamada, H. (2026). Moving spots, an example');
  });
});
