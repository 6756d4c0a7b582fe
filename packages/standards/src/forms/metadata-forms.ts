import type { Issue } from '@micrarium/model';
import { exportBiaCrate } from '../bia/bia-crate.ts';
import { citationBibtex, citationRis } from '../citation/citation.ts';
import { citationCff, citationCsl, citedGraph } from '../citation/citation-of-graph.ts';
import { dataCite, exportDataCiteXml } from '../datacite/write-datacite.ts';
import { exportJson, type JsonStandard } from '../exchange/exchange.ts';
import { dataPackageOf } from '../frictionless/data-package.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { exportIdr } from '../idr/idr.ts';
import { isaJson } from '../isa/write-isa-json.ts';
import type { Json } from '../json/json.ts';
import { maDmp } from '../madmp/madmp.ts';
import { miacme } from '../miacme/miacme.ts';
import { writeOmeXml } from '../ome/ome-xml.ts';
import { pageTabToTsv } from '../pagetab/pagetab-tsv.ts';
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
  /** The document as text, and what the form could not express, where that is known. */
  write(graph: StudyGraph): { text: string; losses: Issue[] };
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
    write(graph) {
      const { document, losses } = exportJson(of, graph);
      return { text: json(document), losses };
    },
  };
}

function plain(
  id: string,
  name: string,
  mediaType: string,
  fileName: string,
  text: (graph: StudyGraph) => string,
): MetadataForm {
  return { id, name, mediaType, fileName, write: (graph) => ({ text: text(graph), losses: [] }) };
}

/** Every form that is one document. ISA-Tab is a folder of files: `exportIsaTab`. */
export const metadataForms: readonly MetadataForm[] = [
  standard('datacite-json', 'DataCite 4.6 (JSON)', dataCite, 'datacite.json', 'application/vnd.datacite.datacite+json'),
  {
    id: 'datacite-xml',
    name: 'DataCite 4.6 (XML)',
    mediaType: 'application/vnd.datacite.datacite+xml',
    fileName: 'datacite.xml',
    write(graph) {
      const { document, losses } = exportDataCiteXml(graph);
      return { text: document, losses };
    },
  },
  standard('ro-crate', 'RO-Crate 1.2', roCrate, 'ro-crate-metadata.json', 'application/ld+json'),
  plain('schema-org', 'schema.org', 'application/ld+json', 'schema-org.json', (graph) => json(schemaOrgOfGraph(graph))),
  plain('ssbd-turtle', 'SSBD ontology (Turtle)', 'text/turtle', 'study.ttl', (graph) =>
    ssbdTurtle(graph, graph.study.url ?? 'urn:study'),
  ),
  standard('isa-json', 'ISA-JSON', isaJson, 'isa.json'),
  standard('pagetab-json', 'PageTab (JSON)', pageTab, 'pagetab.json'),
  {
    id: 'pagetab-tsv',
    name: 'PageTab (TSV)',
    mediaType: 'text/tab-separated-values',
    fileName: 'submission.pagetab.tsv',
    write(graph) {
      const { document, losses } = exportJson(pageTab, graph);
      return { text: pageTabToTsv(document), losses };
    },
  },
  {
    id: 'bia-ro-crate',
    name: 'BioImage Archive RO-Crate',
    mediaType: 'application/ld+json',
    fileName: 'ro-crate-metadata.json',
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
    write(graph) {
      const { document, losses } = exportIdr(graph);
      return { text: document, losses };
    },
  },
  standard('rembi', 'REMBI and MIFA', rembi, 'rembi.json'),
  standard('miacme', 'MIACME 1.1', miacme, 'miacme.json'),
  standard('madmp', 'maDMP 1.2', maDmp, 'madmp.json'),
  plain('ome-xml', 'OME-XML', 'application/xml', 'metadata.companion.ome', writeOmeXml),
  plain('data-package', 'Data Package v2', 'application/json', 'datapackage.json', (graph) =>
    json(dataPackageOf(graph)),
  ),
  plain('citation-cff', 'CITATION.cff', 'application/yaml', 'CITATION.cff', citationCff),
  plain('csl-json', 'CSL-JSON', 'application/vnd.citationstyles.csl+json', 'citation.json', (graph) =>
    json([citationCsl(graph)]),
  ),
  plain('bibtex', 'BibTeX', 'application/x-bibtex', 'citation.bib', (graph) => citationBibtex(citedGraph(graph))),
  plain('ris', 'RIS', 'application/x-research-info-systems', 'citation.ris', (graph) => citationRis(citedGraph(graph))),
];

/** A form by its id. */
export function metadataFormById(id: string): MetadataForm | undefined {
  return metadataForms.find((form) => form.id === id);
}
