import type { StatedLink } from './stated-links.ts';

/** What a link means: a work and the data it is about, as their identifiers stand in the file. */
export interface MeantCitation {
  work: string;
  data: string;
  /** `primary`: the paper the data were published with. `reuse`: a work that used or cites them. */
  use: 'primary' | 'reuse';
  /** Title of the work, where the file has it. */
  title?: string;
  /** The work is data itself, as far as the file tells. */
  isData: boolean;
}

/** Why a link is no citation of data: the agency took it back, the relation says something else, or nothing that is known. */
export type NoCitation = 'withdrawn' | 'other-relation' | 'unknown-relation';

/** Relations in small letters without signs: which end is the work, and what it does with the data at the other. */
const citing: Readonly<Record<string, readonly [work: 'from' | 'to', use: MeantCitation['use']]>> = {
  cites: ['from', 'reuse'],
  references: ['from', 'reuse'],
  uses: ['from', 'reuse'],
  isderivedfrom: ['from', 'reuse'],
  iscitedby: ['to', 'reuse'],
  isreferencedby: ['to', 'reuse'],
  isusedby: ['to', 'reuse'],
  issourceof: ['to', 'reuse'],
  issupplementedby: ['from', 'primary'],
  documents: ['from', 'primary'],
  describes: ['from', 'primary'],
  issupplementto: ['to', 'primary'],
  isdocumentedby: ['to', 'primary'],
  isdescribedby: ['to', 'primary'],
};

/** Relations of DataCite and its usage reports that say nothing of a work that used data. */
const others =
  /^(is(related|identical)to|is(part|version|newversion|previousversion|variantform|originalform|translation)of|has(part|version|translation|metadata)|ismetadatafor|(compile|continue|review|require|obsolete|collect)s|is(compiled|continued|reviewed|required|obsoleted|collected)by|ispublishedin|mentions|discusses|islikedby|is(authored|funded|hosted)by|is(author|funder)of|(total|unique)dataset\w+)$/;

/** What a link means, or why it is no citation. Which of the two is known here is not asked yet. */
export function meantCitation(link: StatedLink): MeantCitation | NoCitation {
  if (link.isWithdrawn) return 'withdrawn';
  const relation = link.relation.toLowerCase().replace(/[^a-z]/g, '');
  const meaning = Object.hasOwn(citing, relation) ? citing[relation] : undefined;
  if (meaning === undefined) return others.test(relation) ? 'other-relation' : 'unknown-relation';
  const [end, use] = meaning;
  const title = end === 'from' ? link.titleOfFrom : link.titleOfTo;
  return {
    work: end === 'from' ? link.from : link.to,
    data: end === 'from' ? link.to : link.from,
    use,
    isData: (end === 'from' ? link.fromIsData : link.toIsData) === true,
    ...(title === undefined ? {} : { title }),
  };
}
