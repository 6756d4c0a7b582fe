import { readDoi } from '../identifiers/identifiers.ts';

/** A persistent identifier and where its authority resolves it. */
export interface PersistentIdentifier {
  /** As people write it: `10.5072/abc`, `ark:/12345/x`. */
  identifier: string;
  scheme: 'DOI' | 'Handle' | 'ARK' | 'PURL' | 'w3id' | 'identifiers.org' | 'URN:NBN';
  /** Address that leads to what it names. */
  address: string;
}

/** Resolver of DOIs, without a slash at the end. */
export const doiResolver = 'https://doi.org';

const byAddress: readonly (readonly [PersistentIdentifier['scheme'], RegExp])[] = [
  ['Handle', /^https?:\/\/hdl\.handle\.net\/\S+$/i],
  ['ARK', /^https?:\/\/[^/\s]+\/ark:\/?\d{5,9}\/\S+$/i],
  ['PURL', /^https?:\/\/(purl\.org|purl\.archive\.org)\/\S+$/i],
  ['w3id', /^https?:\/\/w3id\.org\/\S+$/i],
  ['identifiers.org', /^https?:\/\/identifiers\.org\/\S+$/i],
];

/**
 * The persistent identifier a text is; `undefined` for accessions and other addresses.
 * @param resolver where DOIs are resolved, for test systems of a registrar
 */
export function readPersistent(text: string, resolver = doiResolver): PersistentIdentifier | undefined {
  const identifier = text.trim();
  const doi = readDoi(identifier);
  if ('doi' in doi) {
    const address = `${resolver}/${doi.doi.split('/').map(encodeURIComponent).join('/')}`;
    return { identifier: doi.doi, scheme: 'DOI', address };
  }
  const known = byAddress.find(([, form]) => form.test(identifier));
  if (known) return { identifier, scheme: known[0], address: identifier };
  if (/^(hdl:)\S+\/\S+$/i.test(identifier))
    return { identifier, scheme: 'Handle', address: `https://hdl.handle.net/${identifier.slice(4)}` };
  if (/^ark:\/?\d{5,9}\/\S+$/i.test(identifier))
    return { identifier, scheme: 'ARK', address: `https://n2t.net/${identifier}` };
  if (/^urn:nbn:[a-z]{2}[:-]\S+$/i.test(identifier))
    return { identifier, scheme: 'URN:NBN', address: `https://nbn-resolving.org/${identifier}` };
  return undefined;
}

/** Is the text an identifier that means one thing in the world: an address, a URN, a UUID, or a persistent identifier? */
export function isUniqueIdentifier(text: string): boolean {
  const identifier = text.trim();
  return (
    /^(https?|ftps?|sftp):\/\/[^\s/]+\S*$/i.test(identifier) ||
    /^urn:[a-z0-9][a-z0-9-]{1,31}:\S+$/i.test(identifier) ||
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(identifier) ||
    readPersistent(identifier) !== undefined
  );
}
