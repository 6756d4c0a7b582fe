/** A DOI brought into its stored form, or why it is none. */
export type ReadDoi = { doi: string; wasTidied: boolean } | { reason: string };

const doiForm = /^10\.\d{4,9}(?:\.\d+)*\/\S+$/;

/**
 * Reads a DOI in the spellings people use: bare, with `doi:`, `DOI:` or either resolver before it, with stray spaces
 * and a full stop behind. Nothing is guessed: what does not begin with `10.` after that is refused with the reason.
 */
export function readDoi(text: string): ReadDoi {
  const trimmed = text.trim();
  const bare = withoutUnseen(text)
    .replace(/^doi\s*:\s*(?=\S)/i, '')
    .replace(/^(https?:\/\/)?\s*(dx\.|www\.)?doi\.org\//i, '')
    .replace(/^doi\s*:\s*/i, '')
    .replace(/[.,;]+$/, '')
    .trim();
  if (doiForm.test(bare)) return { doi: bare.toLowerCase(), wasTidied: bare !== trimmed };
  if (/\s/.test(bare) && bare.startsWith('10.')) return { reason: 'it has a space inside' };
  if (/^https?:\/\//i.test(bare)) return { reason: 'it is the address of a page, not a DOI' };
  if (/^\d+\//.test(bare) || /^\.?\d+\.\d+\//.test(bare) || /^\d{4}\.\d/.test(bare))
    return { reason: 'the beginning is missing: a DOI starts with “10.”, a number and a slash' };
  return { reason: 'a DOI starts with “10.”, a number and a slash' };
}

/**
 * Is the text a DOI as an archive's field takes it: bare, with `doi:`, or as an address of a resolver? Unlike
 * `readDoi` nothing else is forgiven: no full stop behind, no space inside.
 */
export function isDoiField(text: string): boolean {
  return (
    /^(doi:\s*|https?:\/\/(dx\.)?doi\.org\/)?10\.\d{4,9}(\.\d+)*\/\S*[^\s.,;]$/i.test(text.trim()) &&
    !/[\p{Cf}\p{Cc}]/u.test(text.trim())
  );
}

const linkHosts: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/([\w-]+\.)*(github|gitlab|codeberg|bitbucket|softwareheritage)\./i, 'code'],
  [/^https?:\/\/(pubmed\.ncbi\.nlm\.nih\.gov|(www\.)?ncbi\.nlm\.nih\.gov\/pubmed|europepmc\.org)\//i, 'publication'],
  [/\bEMPIAR-\d{5}\b|^https?:\/\/(www\.)?ebi\.ac\.uk\/empiar\//i, 'EMPIAR'],
  [/\bS-(BIAD|BSST|BIAC)\d+\b/, 'BioImage Archive'],
  [/^https?:\/\/idr\.openmicroscopy\.org\//i, 'IDR'],
  [/^https?:\/\/(www\.)?protocols\.io\//i, 'protocol'],
];

/** Type of a link by its address, as archives ask for it; `undefined` where the address does not tell. */
export function linkTypeOf(url: string): string | undefined {
  return 'doi' in readDoi(url) ? 'doi' : linkHosts.find(([pattern]) => pattern.test(url))?.[1];
}

/** Accession numbers by their form, with the page they are read at and the type of a link to it. */
const accessions: readonly (readonly [form: RegExp, type: string, address: (id: string) => string])[] = [
  [/^EMPIAR-\d{4,6}$/i, 'EMPIAR', (id) => `https://www.ebi.ac.uk/empiar/${id}/`],
  [
    /^S-(BIAD|BSST|BIAC)\d{1,7}$/i,
    'BioImage Archive',
    (id) => `https://www.ebi.ac.uk/biostudies/bioimages/studies/${id}`,
  ],
  [/^idr\d{4}$/i, 'IDR', (id) => `https://idr.openmicroscopy.org/search/?query=Name:${id.toLowerCase()}`],
  [/^MTBLS\d{1,6}$/i, 'MetaboLights', (id) => `https://www.ebi.ac.uk/metabolights/${id}`],
  [/^GS[EM]\d{2,9}$/i, 'GEO', (id) => `https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=${id}`],
  [/^PRJ(NA|EB|DB)\d{2,9}$/i, 'ENA', (id) => `https://www.ebi.ac.uk/ena/browser/view/${id}`],
  [/^E-MTAB-\d{1,6}$/i, 'ArrayExpress', (id) => `https://www.ebi.ac.uk/biostudies/arrayexpress/studies/${id}`],
  [/^EMD-\d{4,6}$/i, 'EMDB', (id) => `https://www.ebi.ac.uk/emdb/${id}`],
  [/^PXD\d{6}$/i, 'PRIDE', (id) => `https://www.ebi.ac.uk/pride/archive/projects/${id}`],
  [/^PMC\d{4,9}$/i, 'publication', (id) => `https://pmc.ncbi.nlm.nih.gov/articles/${id}/`],
  [/^PMID:?\s?\d{4,9}$/i, 'publication', (id) => `https://pubmed.ncbi.nlm.nih.gov/${id.replace(/\D/g, '')}/`],
];

/**
 * The whole address that a link most likely means, and its type where the address or the form of an accession number tells
 * one: a DOI, an accession number, an address without `https://`. `undefined` where the text is none of them.
 */
export function readLink(text: string): { url: string; type?: string } | undefined {
  const trimmed = withoutUnseen(text).replace(/[.,;]+$/, '');
  if (trimmed === '' || trimmed.length > 2000 || (/\s/.test(trimmed) && !/^(pmid|doi)\b/i.test(trimmed)))
    return undefined;
  const doi = readDoi(trimmed);
  if ('doi' in doi) return { url: `https://doi.org/${doi.doi}`, type: 'doi' };
  const accession = accessions.find(([form]) => form.test(trimmed));
  if (accession) return { url: accession[2](trimmed.toUpperCase()), type: accession[1] };
  const url = /^https?:\/\/[^\s/]+/i.test(trimmed)
    ? trimmed
    : /^([a-z0-9-]+\.)+[a-z]{2,}(\/\S*)?$/i.test(trimmed)
      ? `https://${trimmed}`
      : undefined;
  if (url === undefined || !URL.canParse(url)) return undefined;
  const type = linkTypeOf(url) ?? accessions.find(([form]) => url.split(/[/=:?]/).some((part) => form.test(part)))?.[1];
  return { url, ...(type === undefined ? {} : { type }) };
}

/** The page of an accession number of another repository, by its form; `undefined` where it is of none that is known. */
export function accessionAddress(text: string): string | undefined {
  const trimmed = text.trim();
  return accessions.find(([form]) => form.test(trimmed))?.[2](trimmed.toUpperCase());
}

/** Is the text one e-mail address and nothing else, as far as a form can tell? No sign that nobody sees is in it. */
export function isEmail(text: string): boolean {
  const word = /[^\s\p{C}@<>(),;:".[\]\\]/u.source;
  return new RegExp(`^${word}+(\\.${word}+)*@${word}+(\\.${word}+)*\\.[A-Za-z]{2,}$`, 'u').test(text.trim());
}

/** A text without signs that nobody sees: marks of direction, joiners, spaces without width, which come along when copying. */
export function withoutUnseen(text: string): string {
  return text.replace(/[\p{Cf}\p{Cc}]/gu, (character) => (/[\t\n\r]/.test(character) ? ' ' : '')).trim();
}

const base32 = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * The nine characters of a ROR identifier, or `undefined`. Crockford base 32; the last two digits are
 * 98 - (number × 100 mod 97), ISO 7064 mod 97-10.
 */
export function readRor(text: string): string | undefined {
  const match = /^(?:(?:https?:\/\/)?ror\.org\/)?(0[0-9a-hjkmnp-tv-z]{6})(\d{2})\/?$/i.exec(withoutUnseen(text));
  if (!match) return undefined;
  const digits = match[1]!.toLowerCase();
  let rest = 0;
  for (const digit of digits) rest = (rest * 32 + base32.indexOf(digit)) % 97;
  const check = 98 - ((rest * 100) % 97);
  return check === Number(match[2]) ? digits + match[2] : undefined;
}

/** The sixteen characters of an ORCID out of a bare one or its address; the check digit is not looked at here. */
export function readOrcid(text: string): string | undefined {
  const match = /^(?:(?:https?:\/\/)?orcid\.org\/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])\/?$/.exec(
    withoutUnseen(text),
  );
  return match ? match.slice(1).join('-').toUpperCase() : undefined;
}

/** Bases of term addresses that are not the OBO one. */
const termBases: readonly (readonly [prefix: string, base: string])[] = [
  ['EFO', 'http://www.ebi.ac.uk/efo/EFO_'],
  ['CMPO', 'http://www.ebi.ac.uk/cmpo/CMPO_'],
  ['EDAM', 'http://edamontology.org/'],
  ['MeSH', 'http://id.nlm.nih.gov/mesh/'],
  ['Orphanet', 'http://www.orpha.net/ORDO/Orphanet_'],
];

const oboBase = 'http://purl.obolibrary.org/obo/';

/** Spellings of prefixes in real files, by their lower-case form. */
const prefixes: Readonly<Record<string, string>> = Object.fromEntries(
  'NCBITaxon FBbi GO CL CLO UBERON CHEBI CMPO EFO PATO UO OBI DUO MP HP MONDO PO FBbt ZFA WBbt MeSH SO NCIT BAO'
    .split(' ')
    .map((prefix) => [prefix.toLowerCase(), prefix]),
);

/** A term's CURIE out of any spelling seen: `NCBITaxon_10090`, `Fbbi:00000336`, an OBO or EFO address. */
export function readCurie(text: string): string | undefined {
  const trimmed = text.trim();
  for (const [prefix, base] of termBases)
    if (trimmed.startsWith(base)) return `${prefix}:${trimmed.slice(base.length)}`;
  const taxon = /^NCBI:txid(\d+)$/i.exec(trimmed)?.[1];
  if (taxon !== undefined) return `NCBITaxon:${taxon}`;
  const local = trimmed.startsWith(oboBase) ? trimmed.slice(oboBase.length) : trimmed.replace(/^<|>$/g, '');
  const match = /^([A-Za-z][A-Za-z0-9]*)[:_]((?:root:)?[A-Za-z0-9_]+)$/.exec(local);
  if (!match) return undefined;
  return `${prefixes[match[1]!.toLowerCase()] ?? match[1]}:${match[2]}`;
}

/** Address of a term by its CURIE; `undefined` for identifiers without one (`CVCL_0030`). */
export function termAddress(id: string | undefined): string | undefined {
  const match = /^([A-Za-z][A-Za-z0-9]*):(\S+)$/.exec(id ?? '');
  if (!match) return undefined;
  const base = termBases.find(([prefix]) => prefix === match[1]);
  if (base) return base[1] + match[2];
  return prefixes[match[1]!.toLowerCase()] ? `${oboBase}${match[1]}_${match[2]}` : undefined;
}

/** Prefix of a CURIE: the vocabulary. */
export function prefixOf(id: string | undefined): string | undefined {
  return /^([^:]+):/.exec(id ?? '')?.[1];
}

/** Addresses of whole vocabularies, for schemes and term sources. */
export const vocabularies: Readonly<Record<string, { name: string; url: string }>> = {
  NCBITaxon: { name: 'NCBI Taxonomy', url: 'http://purl.obolibrary.org/obo/ncbitaxon.owl' },
  FBbi: { name: 'Biological Imaging Methods Ontology', url: 'http://purl.obolibrary.org/obo/fbbi.owl' },
  GO: { name: 'Gene Ontology', url: 'http://purl.obolibrary.org/obo/go.owl' },
  CL: { name: 'Cell Ontology', url: 'http://purl.obolibrary.org/obo/cl.owl' },
  CLO: { name: 'Cell Line Ontology', url: 'http://purl.obolibrary.org/obo/clo.owl' },
  UBERON: { name: 'Uberon multi-species anatomy ontology', url: 'http://purl.obolibrary.org/obo/uberon.owl' },
  CMPO: { name: 'Cellular Microscopy Phenotype Ontology', url: 'http://www.ebi.ac.uk/cmpo/cmpo.owl' },
  EFO: { name: 'Experimental Factor Ontology', url: 'http://www.ebi.ac.uk/efo/efo.owl' },
  CHEBI: { name: 'Chemical Entities of Biological Interest', url: 'http://purl.obolibrary.org/obo/chebi.owl' },
  MeSH: { name: 'Medical Subject Headings', url: 'http://id.nlm.nih.gov/mesh' },
  DUO: { name: 'Data Use Ontology', url: 'http://purl.obolibrary.org/obo/duo.owl' },
};

/** The name of a vocabulary that terms with this prefix come from; the prefix itself for those not listed. */
export function vocabularyName(prefix: string): string {
  return vocabularies[prefix]?.name ?? prefix;
}
