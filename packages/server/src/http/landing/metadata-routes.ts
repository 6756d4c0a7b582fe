import { type ContributorNode, graphOfStudy, metadataFormById, type StudyGraph } from '@micrarium/standards';
import type { Application } from '../app.ts';
import type { Kernel, Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { originOf } from '../route.ts';
import { versionFor } from '../study-access.ts';
import { pagePath } from './landing-data.ts';

/** Files described one by one in a metadata document; a longer list is read from the API. */
const mostDescribedFiles = 10_000;

/** What everybody may see of the people of a study: no addresses. */
function publicGraph(graph: StudyGraph): StudyGraph {
  return {
    ...graph,
    contributors: graph.contributors.map((one): ContributorNode => {
      const shown = { ...one };
      delete shown.email;
      return shown;
    }),
  };
}

/** `/studies/ACCESSION/v/N/metadata/FORM`: the metadata of a version in every form that `metadataForms` lists. */
export function metadataRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/studies/:accession/v/:version{[0-9]{1,9}}/metadata/:form', async (c) => {
    const form = metadataFormById(c.req.param('form'));
    if (!form) throw new Problem('not-found');
    const found = await versionFor(c, services(), c.req.param('accession'), Number(c.req.param('version')));
    const files = await services().studies.listVersionFiles(found.accession, found.version, {
      limit: mostDescribedFiles,
    });
    const address = `${originOf(c, kernel.config.publicUrl)}${pagePath(found)}`;
    const graph = publicGraph(graphOfStudy({ ...found, files }, { url: address, publisher: 'Micrarium' }));
    const { text } = form.write(graph);
    return c.body(text, 200, {
      'content-type': form.mediaType.startsWith('text/') ? `${form.mediaType}; charset=utf-8` : form.mediaType,
      'content-disposition': `inline; filename="${found.accession}-${form.fileName}"`,
      'access-control-allow-origin': '*',
      link: `<${address}>; rel="describes"`,
    });
  });
}
