/** The least that DataCite registers a DOI with. @param url address it leads to */
export const completeDataCite = (url: string): Record<string, unknown> => ({
  url,
  creators: [{ name: 'Lovelace, Ada', nameType: 'Personal' }],
  titles: [{ title: 'Cells that move' }],
  publisher: { name: 'Micrarium' },
  publicationYear: 2026,
  types: { resourceTypeGeneral: 'Dataset', resourceType: 'Dataset' },
});
