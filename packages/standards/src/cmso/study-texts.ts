import type { Issue } from '@micrarium/model';
import type { StudyGraph } from '../graph/study-graph.ts';
import { exportIsaTab } from '../isa/isa-tab.ts';
import { writeOmeXml } from '../ome/ome-xml.ts';

/** Name of the OME-XML document beside the images. */
const omeName = 'metadata.companion.ome';

/**
 * The metadata documents of a CMSO package of a study: ISA-Tab and OME-XML, by path within the package. The files of the
 * study and their Tracks packages go beside them under their own paths, so that every name in the assays resolves.
 */
export function cmsoStudyTexts(graph: StudyGraph): { texts: Map<string, string>; losses: Issue[] } {
  const { document, losses } = exportIsaTab(graph);
  const texts = new Map(document);
  if (graph.images.length > 0) texts.set(omeName, writeOmeXml(graph));
  return { texts, losses };
}

/** Names that the assays of a package give to files and that are not among the paths of the package. */
export function unresolvedNames(texts: ReadonlyMap<string, string>, paths: ReadonlySet<string>): string[] {
  const missing = new Set<string>();
  for (const [name, text] of texts) {
    if (!/^a_.*\.txt$/i.test(name)) continue;
    const [header, ...rows] = text
      .split('\n')
      .map((line) => line.split('\t').map((cell) => cell.replace(/^"|"$/g, '').replaceAll('""', '"')));
    header?.forEach((column, index) => {
      if (!column.endsWith(' File')) return;
      for (const row of rows) if (row[index] && !paths.has(row[index])) missing.add(row[index]);
    });
  }
  return [...missing];
}
