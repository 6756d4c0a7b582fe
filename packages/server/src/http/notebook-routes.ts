import { notebookOf, routes } from '@micrarium/api';
import { citationText, citedVersion } from '@micrarium/standards';
import type { Application } from './app.ts';
import type { Kernel, Services } from './kernel.ts';
import { contentPath, exportPath, pagePath } from './landing/landing-data.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { disposition } from './send-file.ts';
import { versionFor } from './study-access.ts';

/** Notebooks of data sets, written when they are asked for: they hold addresses of this server and no data. */
export function notebookRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.getNotebook), async (c) => {
    const { accession, version, dataset: id } = c.req.valid('param');
    const { lang = 'en', object } = c.req.valid('query');
    const found = await versionFor(c, services(), accession, version);
    const dataset = found.datasets.find((one) => one.id === id);
    if (!dataset) throw new Problem('not-found');
    const origin = originOf(c, kernel.config.publicUrl);
    const address = `${origin}${pagePath(found)}`;
    const title = found.metadata.values['title'];
    const notebook = notebookOf({
      dataset,
      items: found.items,
      studyTitle: typeof title === 'string' ? title : accession,
      address,
      citation: citationText(citedVersion(found, address)),
      urls: (item) => ({
        content: (path) => `${origin}${contentPath(found, item, path)}`,
        exported: (form, which) => `${origin}${exportPath(found, item, form, which)}`,
      }),
      language: lang,
      objectName: object,
    });
    return c.body(`${JSON.stringify(notebook, null, 1)}\n`, 200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/x-ipynb+json',
      'content-disposition': disposition('attachment', `${accession}-v${version}-${id}.ipynb`),
    }) as never;
  });
}
