import type { Issue } from '@micrarium/model';
import { exportBiaCrate, importBiaCrate } from '../bia/bia-crate.ts';
import { citationBibtex, citationRis } from '../citation/citation.ts';
import { citationCff, citationCsl, citedGraph } from '../citation/citation-of-graph.ts';
import { cmsoStudyTexts, importCmsoStudy } from '../cmso/study-texts.ts';
import { citationStyles } from '../citation/citation-styles.ts';
import { dataCite, exportDataCiteJson, exportDataCiteXml, importDataCiteXml } from '../datacite/write-datacite.ts';
import { exportJson, type JsonStandard, keptElsewhere, notExpressed } from '../exchange/exchange.ts';
import { type Held, heldByReading, heldByText } from '../exchange/what-is-held.ts';
import { dataPackage } from '../frictionless/data-package.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { exportIdr, importIdr } from '../idr/idr.ts';
import { exportIdrFolder, importIdrFiles } from '../idr/idr-folder.ts';
import { isaConfiguration } from '../isa/isa-configuration.ts';
import { exportIsaTab, importIsaTab } from '../isa/isa-tab.ts';
import { isaJson } from '../isa/write-isa-json.ts';
import type { Json } from '../json/json.ts';
import { maDmp } from '../madmp/madmp.ts';
import { acknowledgementText, dataAvailabilityText, dataDescriptor, methodsText } from '../methods/methods-text.ts';
import { exportMicroMeta, readMicroMeta } from '../micro-meta/micro-meta.ts';
import { miacme } from '../miacme/miacme.ts';
import { exportOmeXml, readOmeXml } from '../ome/ome-xml.ts';
import { pageTabOfTsv, pageTabToTsv } from '../pagetab/pagetab-tsv.ts';
import { pageTab } from '../pagetab/write-pagetab.ts';
import { ssbdTurtle } from '../rdf/ssbd-rdf.ts';
import { rembi } from '../rembi/rembi.ts';
import { roCrate } from '../ro-crate/write-crate.ts';
import { schemaOrgOfGraph } from '../schema-org/dataset-of-graph.ts';

/** A form that a study's metadata are given out in, as one document. */
export interface MetadataForm {
  /** As in addresses: `datacite-xml`. */
  id: string;
  /** As its community calls it. */
  name: string;
  mediaType: string;
  /** Usual name of the file. */
  fileName: string;
  /** What people look for it as: a standard's document, a citation, or a text for a paper. */
  kind: 'standard' | 'citation' | 'text';
  /** The document as text, and what the form could not express, where that is known. */
  write(graph: StudyGraph): { text: string; losses: Issue[] };
  /** All files, where the form is a folder of several, given out as a zip; `write` then gives the first of them. */
  files?(graph: StudyGraph): ReadonlyMap<string, string>;
  /** Reads the form back, where it is read: by this what it holds is counted. */
  read?(text: string): StudyGraph | undefined;
  /** The same, of a form of several files. */
  readFiles?(files: ReadonlyMap<string, string>): StudyGraph | undefined;
}

/** How much of a study the form holds, counted by reading it back where it is read, else by looking for each value. */
export function heldByForm(form: MetadataForm, graph: StudyGraph): Held {
  const files = form.files?.(graph);
  const text = files ? [...files.values()].join('\n') : form.write(graph).text;
  const back = files ? form.readFiles?.(files) : form.read?.(text);
  return back ? heldByReading(graph, back) : heldByText(graph, text);
}

const json = (document: Json) => `${JSON.stringify(document, undefined, 2)}\n`;

function standard(
  id: string,
  name: string,
  of: JsonStandard,
  fileName: string,
  mediaType = 'application/json',
): MetadataForm {
  return {
    id,
    name,
    mediaType,
    fileName,
    kind: 'standard',
    write(graph) {
      const { document, losses } = exportJson(of, graph);
      return { text: json(document), losses };
    },
    read: (text) => of.read(JSON.parse(text) as Json).graph,
  };
}

function plain(
  id: string,
  name: string,
  mediaType: string,
  fileName: string,
  text: (graph: StudyGraph) => string,
  kind: MetadataForm['kind'] = 'standard',
): MetadataForm {
  return {
    id,
    name,
    mediaType,
    fileName,
    kind,
    write(graph) {
      const written = text(graph);
      return {
        text: written,
        // Looked for only when asked for: every value is searched for in the text.
        get losses() {
          // Citations and texts for a paper are no place for all of a study, and nobody takes them for one.
          if (kind !== 'standard') return [];
          const { missing } = heldByText(graph, written);
          const losses = missing.map(({ place, values }) => notExpressed(name, place, values));
          return [...losses, ...keptElsewhere(name, graph)];
        },
      };
    },
  };
}

/** Every form a study's metadata are given out in. */
export const metadataForms: readonly MetadataForm[] = [
  {
    ...standard(
      'datacite-json',
      'DataCite 4.6 (JSON)',
      dataCite,
      'datacite.json',
      'application/vnd.datacite.datacite+json',
    ),
    write(graph) {
      const { document, losses } = exportDataCiteJson(graph);
      return { text: json(document), losses };
    },
  },
  {
    id: 'datacite-xml',
    name: 'DataCite 4.6 (XML)',
    mediaType: 'application/vnd.datacite.datacite+xml',
    fileName: 'datacite.xml',
    kind: 'standard',
    write(graph) {
      const { document, losses } = exportDataCiteXml(graph);
      return { text: document, losses };
    },
    read: (text) => importDataCiteXml(text).graph,
  },
  standard('ro-crate', 'RO-Crate 1.2', roCrate, 'ro-crate-metadata.json', 'application/ld+json'),
  plain('schema-org', 'schema.org', 'application/ld+json', 'schema-org.json', (graph) => json(schemaOrgOfGraph(graph))),
  plain('ssbd-turtle', 'SSBD ontology (Turtle)', 'text/turtle', 'study.ttl', (graph) =>
    ssbdTurtle(graph, graph.study.url ?? 'urn:study'),
  ),
  standard('isa-json', 'ISA-JSON', isaJson, 'isa.json'),
  {
    id: 'isa-tab',
    name: 'ISA-Tab',
    mediaType: 'application/zip',
    fileName: 'isa-tab.zip',
    kind: 'standard',
    files(graph) {
      const { document } = exportIsaTab(graph);
      return new Map([...document, ...isaConfiguration(document)]);
    },
    readFiles: (files) => importIsaTab(files).graph,
    write(graph) {
      const { document, losses } = exportIsaTab(graph);
      const investigation = [...document].find(([name]) => name.startsWith('i_'));
      return { text: investigation?.[1] ?? '', losses };
    },
  },
  {
    id: 'cmso',
    name: 'CMSO package (ISA-Tab, OME-XML)',
    mediaType: 'application/zip',
    fileName: 'cmso.zip',
    kind: 'standard',
    files: (graph) => cmsoStudyTexts(graph).texts,
    readFiles: (files) => importCmsoStudy(files).graph,
    write(graph) {
      const { texts, losses } = cmsoStudyTexts(graph);
      const investigation = [...texts].find(([name]) => name.startsWith('i_'));
      return { text: investigation?.[1] ?? '', losses };
    },
  },
  standard('pagetab-json', 'PageTab (JSON)', pageTab, 'pagetab.json'),
  {
    id: 'pagetab-tsv',
    name: 'PageTab (TSV)',
    mediaType: 'text/tab-separated-values',
    fileName: 'submission.pagetab.tsv',
    kind: 'standard',
    write(graph) {
      const { document, losses } = exportJson(pageTab, graph);
      return { text: pageTabToTsv(document), losses };
    },
    read: (text) => pageTab.read(pageTabOfTsv(text).document).graph,
  },
  {
    id: 'bia-ro-crate',
    name: 'BioImage Archive RO-Crate',
    mediaType: 'application/zip',
    fileName: 'bia-ro-crate.zip',
    kind: 'standard',
    files: (graph) => exportBiaCrate(graph).document,
    readFiles: (files) =>
      importBiaCrate(
        JSON.parse(files.get('ro-crate-metadata.json')!) as Json,
        [...files].find(([name]) => name.endsWith('.tsv'))?.[1],
      ).graph,
    write(graph) {
      const { document, losses } = exportBiaCrate(graph);
      return { text: document.get('ro-crate-metadata.json')!, losses };
    },
  },
  {
    id: 'idr-study',
    name: 'IDR study file',
    mediaType: 'text/tab-separated-values',
    fileName: 'idr-study.txt',
    kind: 'standard',
    write(graph) {
      const { document, losses } = exportIdr(graph);
      return { text: document, losses };
    },
    read: (text) => importIdr(text).graph,
  },
  {
    id: 'idr',
    name: 'IDR study file and annotation tables',
    mediaType: 'application/zip',
    fileName: 'idr.zip',
    kind: 'standard',
    files: (graph) => exportIdrFolder(graph).document,
    readFiles: (files) => importIdrFiles(files).graph,
    write(graph) {
      const { document, losses } = exportIdrFolder(graph);
      return { text: [...document.values()][0] ?? '', losses };
    },
  },
  standard('rembi', 'REMBI and MIFA', rembi, 'rembi.json'),
  standard('miacme', 'MIACME 1.1', miacme, 'miacme.json'),
  standard('madmp', 'maDMP 1.2', maDmp, 'madmp.json'),
  {
    id: 'ome-xml',
    name: 'OME-XML',
    mediaType: 'application/xml',
    fileName: 'metadata.companion.ome',
    kind: 'standard',
    write(graph) {
      const { document, losses } = exportOmeXml(graph);
      return { text: document, losses };
    },
    read: (text) => readOmeXml(text).graph,
  },
  {
    id: 'micro-meta',
    name: '4DN-BINA-OME (Micro-Meta App)',
    mediaType: 'application/zip',
    fileName: 'micro-meta.zip',
    kind: 'standard',
    files: (graph) => exportMicroMeta(graph).document,
    readFiles: readMicroMeta,
    write(graph) {
      const { document, losses } = exportMicroMeta(graph);
      return { text: [...document.values()][0] ?? '', losses };
    },
  },
  standard('data-package', 'Data Package v2', dataPackage, 'datapackage.json'),
  plain('citation-cff', 'CITATION.cff', 'application/yaml', 'CITATION.cff', citationCff, 'citation'),
  plain(
    'csl-json',
    'CSL-JSON',
    'application/vnd.citationstyles.csl+json',
    'citation.json',
    (graph) => json(citationCsl(graph)),
    'citation',
  ),
  plain(
    'bibtex',
    'BibTeX',
    'application/x-bibtex',
    'citation.bib',
    (graph) => citationBibtex(citedGraph(graph)),
    'citation',
  ),
  plain(
    'ris',
    'RIS',
    'application/x-research-info-systems',
    'citation.ris',
    (graph) => citationRis(citedGraph(graph)),
    'citation',
  ),
  ...citationStyles.map(({ id, name, write }) =>
    plain(
      `citation-${id}`,
      name,
      'text/plain',
      `citation-${id}.txt`,
      (graph) => `${write(citedGraph(graph))}\n`,
      'citation',
    ),
  ),
  plain('methods', 'Methods text', 'text/plain', 'methods.txt', (graph) => `${methodsText(graph).text}\n`, 'text'),
  plain(
    'acknowledgement',
    'Acknowledgement',
    'text/plain',
    'acknowledgement.txt',
    (graph) => `${acknowledgementText(graph).text}\n`,
    'text',
  ),
  plain(
    'data-availability',
    'Data availability',
    'text/plain',
    'data-availability.txt',
    (graph) => `${dataAvailabilityText(graph).text}\n`,
    'text',
  ),
  plain(
    'data-descriptor',
    'Data descriptor (draft)',
    'text/markdown',
    'data-descriptor.md',
    (graph) => `${dataDescriptor(graph).text}\n`,
    'text',
  ),
];

/** A form by its id. */
export function metadataFormById(id: string): MetadataForm | undefined {
  return metadataForms.find((form) => form.id === id);
}
