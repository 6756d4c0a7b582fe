import { aliasNames, type OntologyTerm } from '@micrarium/standards';
import { foldText } from '../search/words.ts';

const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  ο: 'omicron',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  ς: 'sigma',
  τ: 'tau',
  υ: 'upsilon',
  φ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
};

/** Text that is nothing but plain letters, digits and spaces in lower case is as it is compared already. */
const isPlain = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
/** Longest name that is compared; the rest of a longer one does not count. */
const longest = 500;

/**
 * A name as names are compared: without case, accents, and the difference of hyphen and space ("light-sheet" = "light
 * sheet"), Greek letters by their names.
 */
export function foldName(text: string): string {
  if (isPlain.test(text)) return text.slice(0, longest);
  return foldText(text)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFC')
    .replace(/[α-ω]/g, (letter) => greek[letter] ?? letter)
    .replace(/[\s_/‐-―-]+/g, ' ')
    .trim()
    .slice(0, longest);
}

/** All names a term goes by as they are compared, each once; `true` for its label. */
export function foldedNames(term: Pick<OntologyTerm, 'id' | 'label' | 'synonyms'>): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const synonym of term.synonyms) names.set(foldName(synonym), false);
  for (const alias of aliasNames(term)) names.set(foldName(alias), false);
  names.set(foldName(term.label), true);
  names.delete('');
  return names;
}

/** The words of a name, cut at whatever is neither letter nor digit. */
export function wordsOf(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** A typed word in the forms that a name may have it in: English plurals are taken off and put on. */
export function singularAndPlural(folded: string): string[] {
  const forms = [folded, `${folded}s`];
  if (folded.endsWith('ies')) forms.push(`${folded.slice(0, -3)}y`);
  else if (/(?:s|x|z|ch|sh)es$/.test(folded)) forms.push(folded.slice(0, -2));
  if (folded.endsWith('s')) forms.push(folded.slice(0, -1));
  else if (folded.endsWith('y')) forms.push(`${folded.slice(0, -1)}ies`);
  return forms;
}

/** The part of a term's id before its first colon. */
export function prefixOf(id: string): string {
  const colon = id.indexOf(':');
  return colon < 0 ? '' : id.slice(0, colon);
}
