import { translator } from '@micrarium/api';
import { workbookBytes, zipWriter } from '@micrarium/formats';
import {
  type ContributorNode,
  givenValues,
  graphOfStudy,
  type MetadataForm,
  metadataFormById,
  type StudyGraph,
  studySheets,
  writeXml,
} from '@micrarium/standards';
import { stateAccess } from '../../access/stated-access.ts';
import type { Application } from '../app.ts';
import type { Kernel, Services } from '../kernel.ts';
import type { HttpContext } from '../context.ts';
import { chosenLanguage, framedPage } from '../frame/page-frame.ts';
import { bundleSheets } from '../frame/page-sheets.ts';
import { previewLink } from '../private-reading.ts';
import { Problem } from '../problems.ts';
import { originOf } from '../route.ts';
import { linksTo, namedByDoi } from '../../additions/study-relations.ts';
import { type FoundVersion, labelled, versionFor, versionOfLabel } from '../study-access.ts';
import { pagePath } from './landing-data.ts';
import { dublinCore } from './dublin-core.ts';
import { formsContent } from './landing-forms.ts';
import { linksOfDescription } from './signposts.ts';

/** Files described one by one in a metadata document; a longer list is read from the API. */
const mostDescribedFiles = 10_000;

/**
 * Files that the page of all forms looks for in each of them. It says which parts of a description a form holds: with ten thousand it looked
 * for each in every form, and held up all other requests for minutes.
 */
const mostSoughtFiles = 20;

/** Forms in which a file is named by an address that is not ours. */
const namesAddresses: ReadonlySet<string> = new Set(['ro-crate', 'schema-org', 'data-package']);

/** Files of a version that stay where they are, for a form that can say so; none while the files are closed. */
async function elsewhere({ studies, states }: Services, { accession, version }: FoundVersion, form: string) {
  if (!namesAddresses.has(form)) return [];
  const { state } = await states.of(accession);
  if (state === 'embargoed' || state === 'controlled') return [];
  return await studies.listVersionReferences(accession, version, { limit: mostDescribedFiles });
}

/** What everybody may see of the people of a study: no addresses. */
export function publicGraph(graph: StudyGraph): StudyGraph {
  return {
    ...graph,
    contributors: graph.contributors.map((one): ContributorNode => {
      const shown = { ...one };
      delete shown.email;
      return shown;
    }),
  };
}

/**
 * `/studies/ACCESSION/v/N/metadata/FORM`: the metadata of a version in every form that `metadataForms` lists, a form of
 * several files as a zip; `/studies/ACCESSION/v/N/metadata`: the page that leads to them and says what each holds.
 */
export function metadataRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const told = async (c: HttpContext, form?: string, limit = mostDescribedFiles) => {
    const { version, minor } = versionOfLabel(c.req.param('version'));
    const found = await versionFor(c, services(), c.req.param('accession') ?? '', version, minor);
    const files = await services().studies.listVersionFiles(found.accession, found.version, { limit });
    const address = `${originOf(c, kernel.config.publicUrl)}${pagePath(found)}`;
    const references = found.referenced && form !== undefined ? await elsewhere(services(), found, form) : [];
    const graph = publicGraph(graphOfStudy({ ...found, files, references }, { url: address, publisher: 'Micrarium' }));
    stateAccess(graph, await services().states.of(found.accession));
    // A version never changes; what leads to it from elsewhere comes later, and is nothing of what is not published.
    if (previewLink()?.version !== found.version) {
      graph.links.push(...(await linksTo(services().db, found.accession, address)));
      graph.links.push(...((await services().dois?.linksOf(found)) ?? []));
    }
    graph.links = await namedByDoi(services().db, graph.links, address);
    return { found, address, graph };
  };

  app.get(`/studies/:accession/v/${labelled}/metadata`, async (c) => {
    const { found, graph } = await told(c, undefined, mostSoughtFiles);
    const language = chosenLanguage(c);
    const text = translator(language);
    const sheets = await bundleSheets(kernel.webBundle());
    const title = `${text('forms.title')} · ${found.accession} · Micrarium`;
    const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
    const content = formsContent({ graph, path: pagePath(found), title: graph.study.title ?? found.accession, text });
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });

  app.get(`/studies/:accession/v/${labelled}/metadata/:sheet{(archive|database)\\.xlsx}`, async (c) => {
    const { found, address } = await told(c);
    const tier = c.req.param('sheet') === 'archive.xlsx' ? 'archive' : 'database';
    const { datasets, metadata } = found;
    const content = { values: metadata.values, datasets, given: givenValues({ ...found, url: address }) };
    return c.body(await workbookBytes(studySheets(tier, content)), 200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="${found.accession}-${tier}.xlsx"`,
    });
  });

  app.get(`/studies/:accession/v/${labelled}/metadata/:form`, async (c) => {
    const name = c.req.param('form');
    const form = metadataFormById(name);
    if (!form && name !== 'dublin-core') throw new Problem('not-found');
    const { found, graph, address } = await told(c, name);
    const headers = { 'access-control-allow-origin': '*', link: linksOfDescription(address) };
    if (!form)
      return c.body(writeXml(dublinCore(graph)), 200, {
        ...headers,
        'content-type': 'application/x-dc+xml; charset=utf-8',
      });
    const files = form.files?.(graph);
    if (files) {
      const zipped = await zipOf(files);
      return c.body(zipped, 200, {
        ...headers,
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${found.accession}-${form.fileName}"`,
      });
    }
    return c.body(form.write(graph).text, 200, {
      ...headers,
      'content-type': isBibliography(c, form)
        ? 'text/x-bibliography; charset=utf-8'
        : form.mediaType.startsWith('text/')
          ? `${form.mediaType}; charset=utf-8`
          : form.mediaType,
      'content-disposition': `inline; filename="${found.accession}-${form.fileName}"`,
    });
  });
}

/** Is a citation asked for by the media type that resolvers of DOIs have for it? */
const isBibliography = (c: HttpContext, { kind, mediaType }: MetadataForm) =>
  kind === 'citation' && mediaType === 'text/plain' && (c.req.header('accept') ?? '').includes('text/x-bibliography');

/** A zip of texts by path. */
export async function zipOf(files: ReadonlyMap<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const zip = zipWriter({
    write: (bytes) => {
      pieces.push(bytes.slice());
      return Promise.resolve();
    },
  });
  for (const [path, text] of files) await zip.add(path, [new TextEncoder().encode(text)]);
  await zip.finish();
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}
