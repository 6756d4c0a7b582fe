/** Identifiers a study was given after it was published: they are not in its versions, which never change. */
export interface KeptIdentifiers {
  accession: string;
  version: number;
  /** DOI that leads to the study. */
  doi?: string | undefined;
}

/** The file that tells them in an export; `undefined` where there is nothing to tell beyond the accession. */
export function identifiersFile({ accession, version, doi }: KeptIdentifiers): Uint8Array | undefined {
  if (doi === undefined) return undefined;
  const told = { schema: 1, accession, version, doi, url: `https://doi.org/${doi}` };
  return new TextEncoder().encode(`${JSON.stringify(told, null, 1)}\n`);
}
