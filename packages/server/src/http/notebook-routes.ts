import { notebookName, notebookOf, routes } from '@micrarium/api';
import { citationText, citedVersion, shownTitle } from '@micrarium/standards';
import type { Application } from './app.ts';
import { gitRepository } from '../notebooks/git-repository.ts';
import type { Kernel, Services } from './kernel.ts';
import { contentPath, exportPath, pagePath } from './landing/landing-data.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { disposition } from './send-file.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** Notebooks of data sets, written when they are asked for: they hold addresses of this server and no data. */
export function notebookRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.getNotebook), async (c) => {
    const { accession, version, dataset: id } = c.req.valid('param');
    const { lang = 'en', code = 'python', object } = c.req.valid('query');
    const found = await versionFor(c, services(), accession, version);
    const notebook = notebookText(found, id, {
      origin: originOf(c, kernel.config.publicUrl),
      lang,
      code,
      object,
    });
    const kind = code === 'typescript' ? '-typescript' : '';
    return c.body(notebook, 200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/x-ipynb+json',
      'content-disposition': disposition('attachment', `${accession}-v${version}-${id}${kind}.ipynb`),
    }) as never;
  });
  app.openapi(mounted(routes.getNotebookRepository), async (c) => {
    const { accession, version, dataset, path } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    const origin = originOf(c, kernel.config.publicUrl);
    const file = notebookRepository(found, dataset, origin).get(path);
    if (!file) throw new Problem('not-found');
    return c.body(file as Uint8Array<ArrayBuffer>, 200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/octet-stream',
    }) as never;
  });
}

/** What the notebooks import, as pip installs it: zarr 3 brings what it needs to read over HTTP only when asked. */
const requirements = ['matplotlib', 'numpy', 'pandas', 'pyarrow', 'zarr[remote]>=3', 'aiohttp', 'requests'];

/** The notebooks of a data set in each language, with what they need, as a git repository. */
function notebookRepository(found: FoundVersion, dataset: string, origin: string): Map<string, Uint8Array> {
  const files = {
    [notebookName('en')]: notebookText(found, dataset, { origin, lang: 'en' }),
    [notebookName('ja')]: notebookText(found, dataset, { origin, lang: 'ja' }),
    'requirements.txt': `${requirements.join('\n')}\n`,
  };
  const message = `${found.accession}, version ${found.version}: ${dataset}`;
  return gitRepository(files, { message, time: new Date(found.publishedAt) });
}

/** A notebook as a file. @throws Problem `not-found` where the version has no such data set */
function notebookText(
  found: FoundVersion,
  id: string,
  {
    origin,
    lang,
    code,
    object,
  }: { origin: string; lang: 'en' | 'ja'; code?: 'python' | 'typescript'; object?: string | undefined },
): string {
  const dataset = found.datasets.find((one) => one.id === id);
  if (!dataset) throw new Problem('not-found');
  const address = `${origin}${pagePath(found)}`;
  const notebook = notebookOf({
    dataset,
    items: found.items,
    studyTitle: shownTitle(found.metadata.values['title'], found.accession),
    address,
    citation: citationText(citedVersion(found, address)),
    urls: (item) => ({
      content: (path) => `${origin}${contentPath(found, item, path)}`,
      exported: (form, which) => `${origin}${exportPath(found, item, form, which)}`,
    }),
    language: lang,
    code,
    objectName: object,
  });
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
