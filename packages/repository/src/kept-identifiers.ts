/** Identifiers a study was given after it was published: they are not in its versions, which never change. */
export interface KeptIdentifiers {
  accession: string;
  version: number;
  /** DOI that leads to the version; that of the study where the version has none. */
  doi?: string | undefined;
  /** DOI of the study in all versions: it leads to the newest. */
  conceptDoi?: string | undefined;
}

/** DOIs a version was given. */
export type GivenDois = Pick<KeptIdentifiers, 'doi' | 'conceptDoi'>;

/** The file that tells them in an export; `undefined` where there is nothing to tell beyond the accession. */
export function identifiersFile({ accession, version, doi, conceptDoi }: KeptIdentifiers): Uint8Array | undefined {
  if (doi === undefined) return undefined;
  const told = { schema: 1, accession, version, doi, url: `https://doi.org/${doi}`, conceptDoi };
  return new TextEncoder().encode(`${JSON.stringify(told, null, 1)}\n`);
}
