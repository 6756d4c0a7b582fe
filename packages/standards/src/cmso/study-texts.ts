import type { Issue } from '@micrarium/model';
import type { StudyGraph } from '../graph/study-graph.ts';
import type { Imported } from '../exchange/exchange.ts';
import { isaConfiguration } from '../isa/isa-configuration.ts';
import { exportIsaTab, importIsaTab } from '../isa/isa-tab.ts';
import { readOmeXml, writeOmeXml } from '../ome/ome-xml.ts';
import { splitTable } from '../tables/delimited.ts';

/** Name of the OME-XML document beside the images. */
const omeName = 'metadata.companion.ome';

/**
 * The metadata documents of a CMSO package of a study: ISA-Tab and OME-XML, by path within the package. The files of the
 * study and their Tracks packages go beside them under their own paths, so that every name in the assays resolves.
 */
export function cmsoStudyTexts(graph: StudyGraph): { texts: Map<string, string>; losses: Issue[] } {
  const { document, losses } = exportIsaTab(graph);
  const texts = new Map([...document, ...isaConfiguration(document)]);
  if (graph.images.length > 0) texts.set(omeName, writeOmeXml(graph));
  return { texts, losses };
}

/**
 * Reads the metadata documents of such a package, by path. What ISA-Tab tells counts; images and microscopes that it does
 * not tell come from the OME-XML.
 */
export function importCmsoStudy(texts: ReadonlyMap<string, string>): Imported {
  const imported = importIsaTab(texts);
  const ome = [...texts].find(([name]) => /\.ome(\.xml)?$/i.test(name))?.[1];
  if (ome === undefined) return imported;
  const beside = readOmeXml(ome);
  const { graph } = imported;
  return {
    ...imported,
    issues: [...imported.issues, ...beside.issues],
    graph: {
      ...graph,
      images: graph.images.length > 0 ? graph.images : beside.graph.images,
      acquisitions: graph.acquisitions.length > 0 ? graph.acquisitions : beside.graph.acquisitions,
    },
  };
}

/** Names that the assays of an ISA-Tab give to data files. */
export function dataFilesNamed(texts: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  for (const [name, text] of texts) {
    if (!/(^|\/)a_[^/]*\.txt$/i.test(name)) continue;
    const [header, ...rows] = splitTable(text, '\t');
    header?.cells.forEach((column, index) => {
      if (!column.trim().endsWith(' File')) return;
      for (const { cells } of rows) {
        const value = cells[index]?.trim() ?? '';
        if (value !== '' && !/^[a-z]+:\/\//i.test(value)) found.add(value);
      }
    });
  }
  return found;
}

/** Names that the assays of a package give to files and that are not among the paths of the package. */
export function unresolvedNames(texts: ReadonlyMap<string, string>, paths: ReadonlySet<string>): string[] {
  return [...dataFilesNamed(texts)].filter((name) => !paths.has(name));
}
