import { tracedCall } from '../tracing/tracing.ts';

/** Services that publications are looked up at; each only where the operator names it. */
export interface PublicationSources {
  /** REST interface of Crossref, without a trailing slash. */
  crossref?: string;
  /** E-utilities of PubMed, without a trailing slash. */
  pubmed?: string;
  /** Told to the services, as they ask for. */
  contact?: string;
}

/** What a service told of a publication, in a form that the import reads. */
export interface FoundPublication {
  source: 'crossref' | 'pubmed';
  text: string;
}

/** Milliseconds after which a service counts as not there. */
const patience = 8_000;
/** Longest answer that is read. */
const mostBytes = 5_000_000;

/** A DOI or a PubMed id out of what somebody pasted; `undefined` where it is neither. */
export function readPublicationId(pasted: string): { doi: string } | { pmid: string } | undefined {
  const text = pasted.trim();
  const doi = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/[^\s"<>]{1,300})$/i.exec(text)?.[1];
  if (doi !== undefined) return { doi: doi.toLowerCase() };
  const pmid = /^(?:pmid:?\s*|https?:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/)?(\d{1,9})\/?$/i.exec(text)?.[1];
  return pmid === undefined ? undefined : { pmid };
}

/**
 * Looks a publication up: at PubMed first, because it knows the MeSH headings, then at Crossref.
 * @returns `undefined` where no service knows it, or none answers: a form is filled by hand then as ever
 */
export async function lookUpPublication(
  sources: PublicationSources,
  id: { doi: string } | { pmid: string },
): Promise<FoundPublication | undefined> {
  const { crossref, pubmed } = sources;
  if (pubmed !== undefined) {
    const pmid = 'pmid' in id ? id.pmid : await pmidOf(pubmed, id.doi, sources);
    const text =
      pmid === undefined ? undefined : await ask(`${pubmed}/efetch.fcgi?db=pubmed&retmode=xml&id=${pmid}`, sources);
    if (text?.includes('<PubmedArticle>')) return { source: 'pubmed', text };
  }
  if (crossref !== undefined && 'doi' in id) {
    const path = `works/${encodeURIComponent(id.doi)}/transform/application/vnd.citationstyles.csl+json`;
    const text = await ask(`${crossref}/${path}`, sources);
    if (text !== undefined && isCsl(text)) return { source: 'crossref', text };
  }
  return undefined;
}

async function pmidOf(pubmed: string, doi: string, sources: PublicationSources): Promise<string | undefined> {
  const text = await ask(
    `${pubmed}/esearch.fcgi?db=pubmed&retmode=json&term=${encodeURIComponent(`${doi}[doi]`)}`,
    sources,
  );
  try {
    const { esearchresult } = JSON.parse(text ?? '{}') as { esearchresult?: { idlist?: unknown[] } };
    const ids = esearchresult?.idlist ?? [];
    return ids.length === 1 && /^\d{1,9}$/.test(String(ids[0])) ? String(ids[0]) : undefined;
  } catch {
    return undefined;
  }
}

function isCsl(text: string): boolean {
  try {
    const found = JSON.parse(text) as { title?: unknown };
    return typeof found === 'object' && found !== null && found.title !== undefined;
  } catch {
    return false;
  }
}

/** The text of an answer; `undefined` for anything but a whole answer in time and of a good size. */
async function ask(address: string, { contact }: PublicationSources): Promise<string | undefined> {
  try {
    const answer = await tracedCall('publications', 'GET', async (headers, span) => {
      const answer = await fetch(address, {
        signal: AbortSignal.timeout(patience),
        redirect: 'error',
        headers: { ...headers, 'user-agent': `Micrarium${contact === undefined ? '' : ` (mailto:${contact})`}` },
      });
      span.add({ 'http.response.status_code': answer.status });
      return answer;
    });
    if (!answer.ok || !answer.body) return undefined;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.body) {
      size += piece.length;
      if (size > mostBytes) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch {
    // Not there, too slow, or broken off: whoever asked goes on without.
    return undefined;
  }
}
