import type { Dataset } from '@micrarium/model';
import type { LinkNode } from '@micrarium/standards';
import type { FoundVersion } from '../http/study-access.ts';

/** DOI of a version, made of the DOI of its study. */
export const versionDoi = (concept: string, version: number): string => `${concept}.v${version}`;

/** DOI of a data set, made of the DOI of its study. Ids of data sets are lower-case letters and digits after `d-`: a DOI knows no case. */
export const datasetDoi = (concept: string, dataset: string): string => `${concept}.ds${dataset.replace(/^d-/, '')}`;

/** Title by which a data set is cited: its own may be the name of a file, which says nothing without that of the study. */
export const datasetTitle = (study: string, { title }: Pick<Dataset, 'title'>): string => `${study}: ${title}`;

const link = (doi: string, relation: string): LinkNode => ({
  key: `doi-${doi}`,
  url: `https://doi.org/${doi}`,
  relation,
});

/** What the DOI of a study leads on to: its versions, and those of its data sets that have a DOI, with DataCite's words. */
export function studyLinks(concept: string, versions: readonly number[], datasets: readonly string[]): LinkNode[] {
  return [
    ...versions.map((version) => link(versionDoi(concept, version), 'HasVersion')),
    ...datasets.map((doi) => link(doi, 'HasPart')),
  ];
}

/**
 * What the DOI of a version leads on to: the study in all versions, the version before and the one after it.
 * @param others versions that have a DOI too
 */
export function versionLinks(concept: string, version: number, others: readonly number[]): LinkNode[] {
  return [
    link(concept, 'IsVersionOf'),
    ...(others.includes(version - 1) ? [link(versionDoi(concept, version - 1), 'IsNewVersionOf')] : []),
    ...(others.includes(version + 1) ? [link(versionDoi(concept, version + 1), 'IsPreviousVersionOf')] : []),
  ];
}

/** What the DOI of a data set leads on to: its study. */
export const datasetLinks = (concept: string): LinkNode[] => [link(concept, 'IsPartOf')];

/** A version with one data set alone, under the title that this is cited by: what the registrar is told of the data set. */
export function versionOfDataset(found: FoundVersion, dataset: Dataset): FoundVersion {
  const within = new Set([...dataset.imageItems, ...dataset.quantitativeItems]);
  const { title } = found.metadata.values;
  const values = {
    ...found.metadata.values,
    title: datasetTitle(typeof title === 'string' ? title : found.accession, dataset),
  };
  return {
    ...found,
    datasets: [dataset],
    items: found.items.filter(({ id }) => within.has(id)),
    pairs: found.pairs.filter(({ imageItem, trackItem }) => within.has(imageItem) && within.has(trackItem)),
    metadata: { ...found.metadata, values },
  };
}
