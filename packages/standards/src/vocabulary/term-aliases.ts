import type { OntologyTerm } from './read-ontology.ts';

/** What the field calls a term, where its ontology does not say it. */
export interface TermAlias {
  id: string;
  /** Names people type. */
  names: readonly string[];
  /** Terms it counts as narrower than, beside those of the ontology. */
  alsoUnder?: readonly string[];
}

/**
 * Names of the field that FBbi (no longer kept up since 2019) and NCBI Taxonomy lack. IDR annotates light-sheet films with
 * the *illumination* term FBbi:00000364, which the ontology keeps apart from fluorescence microscopy: it counts as SPIM here.
 */
const termAliases: readonly TermAlias[] = [
  {
    id: 'FBbi:00000369',
    names: [
      'light sheet',
      'light sheet microscopy',
      'light sheet fluorescence microscopy',
      'lightsheet',
      'LSFM',
      'selective plane illumination microscopy',
      'single plane illumination microscopy',
      'ライトシート顕微鏡',
    ],
  },
  { id: 'FBbi:00000364', names: [], alsoUnder: ['FBbi:00000369'] },
  { id: 'FBbi:00000345', names: ['optical microscopy', '光学顕微鏡'] },
  { id: 'FBbi:00000243', names: ['brightfield', 'bright field', '明視野顕微鏡'] },
  { id: 'FBbi:00000244', names: ['darkfield', 'dark field'] },
  {
    id: 'FBbi:00000245',
    names: ['DIC', 'DIC microscopy', 'Nomarski', 'differential interference contrast', '微分干渉顕微鏡'],
  },
  {
    id: 'FBbi:00000246',
    names: ['epifluorescence microscopy', 'widefield fluorescence microscopy', 'wide-field fluorescence', '蛍光顕微鏡'],
  },
  { id: 'FBbi:00000247', names: ['phase contrast', '位相差顕微鏡'] },
  { id: 'FBbi:00000249', names: ['time-lapse imaging', 'timelapse', 'time-lapse'] },
  { id: 'FBbi:00000251', names: ['confocal', 'confocal laser scanning microscopy', 'CLSM', '共焦点顕微鏡'] },
  { id: 'FBbi:00000252', names: ['laser scanning confocal microscopy', 'point scanning confocal'] },
  { id: 'FBbi:00000253', names: ['spinning disk', 'spinning disc confocal microscopy', 'spinning disk confocal'] },
  { id: 'FBbi:00000254', names: ['two-photon microscopy', 'two-photon', '2-photon microscopy', '二光子顕微鏡'] },
  { id: 'FBbi:00000255', names: ['multiphoton microscopy', 'multiphoton', '多光子顕微鏡'] },
  { id: 'FBbi:00000256', names: ['電子顕微鏡'] },
  { id: 'FBbi:00000332', names: ['structured illumination'] },
  {
    id: 'FBbi:00000617',
    names: ['TIRF', 'TIRFM', 'total internal reflection fluorescence microscopy', '全反射照明蛍光顕微鏡'],
  },
  { id: 'NCBITaxon:9606', names: ['H. sapiens'] },
  { id: 'NCBITaxon:10090', names: ['mice', 'M. musculus'] },
  { id: 'NCBITaxon:6239', names: ['C. elegans'] },
  { id: 'NCBITaxon:7227', names: ['D. melanogaster', 'fruitfly'] },
  { id: 'NCBITaxon:7955', names: ['D. rerio'] },
  { id: 'NCBITaxon:3702', names: ['A. thaliana'] },
  { id: 'NCBITaxon:4932', names: ['S. cerevisiae', 'budding yeast'] },
  { id: 'NCBITaxon:4896', names: ['S. pombe'] },
  { id: 'NCBITaxon:44689', names: ['D. discoideum'] },
  { id: 'NCBITaxon:40674', names: ['哺乳類'] },
];
const byId = new Map(termAliases.map((alias) => [alias.id, alias]));

/** Names of a term that its ontology does not have: those of the field, and a short form that its label has in brackets. */
export function aliasNames({ id, label }: Pick<OntologyTerm, 'id' | 'label'>): string[] {
  return [...(byId.get(id)?.names ?? []), ...bracketed(label)];
}

/** "structured illumination microscopy (SIM)" is called by either part, "Vertebrata <vertebrates>" without its remark. */
function bracketed(label: string): string[] {
  const remark = /^(.+?)\s*<[^<>]+>$/.exec(label);
  if (remark) return [remark[1]!];
  const parts = /^(\S.*?) \(([^()]+)\)$/.exec(label);
  if (!parts) return [];
  const isShort = (text: string) => /^[A-Z][A-Za-z0-9-]{1,9}$/.test(text) && /[A-Z]{2}/.test(text);
  return isShort(parts[2]!) || isShort(parts[1]!) ? [parts[1]!, parts[2]!] : [];
}

/** Terms that one counts as narrower than: those of its ontology, and those of the field. */
export function parentsWithAliases({ id, parents }: Pick<OntologyTerm, 'id' | 'parents'>): string[] {
  const more = byId.get(id)?.alsoUnder;
  return more ? [...new Set([...parents, ...more])] : parents;
}
