import type { IssueDetails } from '@micrarium/model';
import { nearestTitle } from '../exchange/nearest-title.ts';
import { readLink } from '../identifiers/identifiers.ts';

type Offer = Pick<IssueDetails, 'offer' | 'hint'>;

/** Longest offer that is shown. */
const longest = 300;

/** An offer with the sentence that says it; nothing where there is none. */
export function offered(offer: string | undefined, isAdded = false): Offer {
  if (offer === undefined || offer === '') return {};
  const shown = offer.length > longest ? `${offer.slice(0, longest)}…` : offer;
  return { offer: shown, hint: isAdded ? `Add ${shown}.` : `Write “${shown}”.` };
}

/** Titles listed where none is near. */
const mostListed = 8;

/** For a title that no section has: the nearest one there is, the only one, else the list to choose from. */
export function titleOffer(wanted: string, titles: ReadonlySet<string>): Offer {
  const known = [...titles].filter((title) => title !== '');
  const near = known.length === 1 ? known[0] : nearestTitle(wanted, known);
  if (near !== undefined) return { offer: near, hint: `Write “${near.slice(0, longest)}”.` };
  if (known.length === 0) return { hint: 'Add the section that is named: there is none of its kind.' };
  const listed = known.slice(0, mostListed).map((title) => `“${title.slice(0, 80)}”`);
  return { hint: `Choose one of ${listed.join(', ')}${known.length > mostListed ? ' …' : ''}` };
}

/** For a link without a type: its address with the type that the address or the form of the accession number tells. */
export function linkOffer(url: string): Offer {
  const read = readLink(url);
  if (!read) return {};
  // The archive takes a DOI bare.
  const address = read.type === 'doi' ? read.url.replace('https://doi.org/', '') : read.url;
  return read.type === undefined
    ? offered(address)
    : {
        offer: `${address}, Type: ${read.type}`,
        hint: `Write “${address}” and give the link the type “${read.type}”.`,
      };
}

/** For a study component without associations: the sections it can only mean, where there is one of each kind. */
export function soleAssociations(titles: ReadonlyMap<string, ReadonlySet<string>>): Offer {
  const named = [
    ['biosample', 'Biosample'],
    ['specimen', 'Specimen'],
    ['image acquisition', 'Image acquisition'],
  ] as const;
  const sole = named.flatMap(([kind, label]) => {
    const [first, ...others] = [...(titles.get(kind) ?? [])].filter((title) => title !== '');
    return first !== undefined && others.length === 0 ? [`${label}: ${first.slice(0, 80)}`] : [];
  });
  return sole.length === named.length ? offered(`Associations with ${sole.join('; ')}`, true) : {};
}
