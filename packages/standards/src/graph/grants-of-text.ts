import type { GrantNode } from './study-graph.ts';

/** What people write before the first funder. */
const lead =
  /^(?:this|the|our)?\s*(?:work|study|research|project)?\s*(?:was|is|has been|were)?\s*(?:financially |partly |partially )?(?:funded|supported|financed) (?:in part )?(?:by )(?:the )?/i;
/** A funder, its identifier in brackets, the word "grant" with what may follow it, the number (or several), the title in brackets. */
const grant =
  /^(?<funder>[^;]+?)(?: \((?<id>https:\/\/(?:ror\.org|(?:dx\.)?doi\.org\/10\.13039)\/[^\s()]+)\))?,? (?:under )?(?:grant|award)s?(?: agreement| number| numbers| nos?\.?| ids?)*[:#]? (?<numbers>[^();]*?\d[^();]*?)(?: \((?<title>.+)\))?\.?$/i;

/** Japanese funders number their grants by one system (CSTI, 2020): JP, and eight letters and digits or more; they stand without the word "grant". */
const systematic = /^(?<funder>[^;]+?),? (?<numbers>JP[0-9A-Z]{8,}(?:(?:, ?|,? and )JP[0-9A-Z]{8,})*)\.?$/;

/**
 * The grants that a statement of funding names in a form without doubt, "FUNDER (https://ror.org/…), grant NUMBER (TITLE)", one after the other
 * with semicolons or line ends between: the identifier and the title may be left out, and several numbers of one funder are each a grant. What has
 * another form is no grant, but stays in the statement.
 */
export function grantsOfText(statement: string): Omit<GrantNode, 'key'>[] {
  return statement
    .replace(lead, '')
    .split(/;|\n/)
    .flatMap((part) => {
      const said = part.trim().replace(/^and (?:by )?(?:the )?/i, '');
      const { funder, id, numbers, title } = (grant.exec(said) ?? systematic.exec(said))?.groups ?? {};
      if (funder === undefined || numbers === undefined) return [];
      const each = numbers.split(/,? and |, ?/).map((one) => one.trim());
      // A clause, not numbers: "grant 5 of the second call".
      if (each.some((one) => /\s/.test(one) || !/\d/.test(one))) return [];
      return each.map((identifier) => ({
        identifier,
        funder: funder.trim(),
        ...(id === undefined ? {} : { funderId: id }),
        ...(title === undefined ? {} : { title }),
      }));
    });
}

/** A statement of grants as `grantsOfText` reads it; of one without funder or number what is known of it. */
export function textOfGrants(grants: readonly GrantNode[]): string | undefined {
  const parts = grants.map(({ funder, funderId, identifier, title }) => {
    if (funder === undefined || identifier === undefined) return [funder, identifier, title].filter(Boolean).join(' ');
    const of = /^https:\/\/(?:ror\.org|(?:dx\.)?doi\.org\/10\.13039)\/[^\s()]+$/.test(funderId ?? '')
      ? ` (${funderId})`
      : '';
    return `${funder}${of}, grant ${identifier}${title === undefined ? '' : ` (${title})`}`;
  });
  return parts.filter(Boolean).join('; ') || undefined;
}
