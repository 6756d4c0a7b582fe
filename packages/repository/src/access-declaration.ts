import { type DataUse, faultOfDataUse } from '@micrarium/standards';

/**
 * Who reads files that are not open (repository-practice 5.1). `registered`: who is signed in and accepted the terms. `controlled`: whose
 * request was granted. `closed`: nobody through this site; a contact is named.
 */
export type AccessLevel = 'registered' | 'controlled' | 'closed';

/** Levels from the widest to the narrowest. */
export const accessLevels: readonly AccessLevel[] = ['registered', 'controlled', 'closed'];

/** The narrower of two levels. */
export const narrowerLevel = (one: AccessLevel, other: AccessLevel): AccessLevel =>
  accessLevels[Math.max(accessLevels.indexOf(one), accessLevels.indexOf(other))]!;

/** What a depositor declares of people in the data, and who may read the files (repository-practice 5.3). */
export interface AccessDeclaration {
  /** Files are open to everybody, or not. */
  access: 'open' | 'controlled';
  /** Who reads files that are not open; left out, those whose request is granted. */
  level?: Exclude<AccessLevel, 'controlled'> | undefined;
  /** Whom to ask about files that nobody reads here. */
  contact?: string | undefined;
  /** Does anything come from people? */
  human: boolean;
  /** Can a person be recognised by it: face, retina, teeth, gait, sequence, names? */
  identifiable: boolean;
  /** What those people agreed to. */
  consent: 'open' | 'research' | 'disease' | 'none';
  /** Which body approved it, under which number. */
  ethics: string;
  /** Law of which country the data of people are under, and who answers for them (the controller); left out where nothing is said. */
  jurisdiction?: string | undefined;
  controller?: string | undefined;
  /** What whoever reads the files agrees to. */
  terms: string;
  /** For what the data may be used, by terms of the Data Use Ontology; left out where nothing is said of it. */
  dataUse?: DataUse[] | undefined;
  /** Items that everybody may read although the others are given on request, by their ids; left out where there are none. */
  openItems?: string[] | undefined;
  /** Items with a level of their own, wider than that of the study, by their ids; left out where there are none. */
  parts?: PartOfStudy[] | undefined;
}

/** An item with a level of its own. */
export interface PartOfStudy {
  /** Id of the item. */
  item: string;
  level: Exclude<AccessLevel, 'closed'>;
}

/** Hours after which the files of a draft go whose depositor declares that persons can be recognised who did not consent. */
export const hoursWithoutConsent = 23;

/**
 * Does a declaration say of files what no repository may keep: that persons can be recognised by them who did not consent (repository-practice
 * 5.3)? It can be corrected while the files are there; they go within a day.
 */
export const isWithoutConsent = ({ human, identifiable, consent }: AccessDeclaration): boolean =>
  human && identifiable && consent === 'none';

/** Why a declaration cannot stand, in words for who declares; `undefined` where it can. Of one without consent no more is asked. */
export function faultOfDeclaration(declaration: AccessDeclaration): string | undefined {
  const { access, human, identifiable, consent, ethics, openItems = [], parts = [] } = declaration;
  const level = access === 'open' ? undefined : declaration.level;
  if (identifiable && !human) return 'Data by which a person can be recognised come from people: say so.';
  if (isWithoutConsent(declaration)) return undefined;
  if (human && consent !== 'open' && access === 'open')
    return 'People agreed to less than that everybody reads these data: the files can be given on request only.';
  if (human && consent !== 'open' && level === 'registered')
    return 'People agreed to less than that everybody who signs in reads these data: the files can be given on request only.';
  if (human && ethics.trim() === '') return 'Say which body approved this, and under which number.';
  if (human && consent !== 'open' && openItems.length > 0)
    return 'People agreed to less than that everybody reads these data, or what was made of them: no part can be open.';
  if (access === 'controlled' && parts.some((part) => !isWider(part.level, level ?? 'controlled')))
    return 'The level of a study is that of its narrowest part: parts can only be open to more people than the study.';
  if (human && consent !== 'open' && parts.some((part) => part.level === 'registered'))
    return 'People agreed to less than that everybody who signs in reads these data: no part can be read by accepting terms.';
  if (isByTerms(declaration) && declaration.terms.trim() === '' && (declaration.dataUse ?? []).length === 0)
    return 'Say what whoever reads the files agrees to: they accept it before they read.';
  if (level === 'closed' && (declaration.contact ?? '').trim() === '')
    return 'Nobody reads these files here: say whom to ask about them.';
  return faultOfUse(declaration);
}

const isWider = (one: AccessLevel, other: AccessLevel): boolean =>
  accessLevels.indexOf(one) < accessLevels.indexOf(other);

/** Is any of the files read by accepting terms? */
const isByTerms = ({ access, level, parts = [] }: AccessDeclaration): boolean =>
  access === 'controlled' && (level === 'registered' || parts.some((part) => part.level === 'registered'));

/** Permission of everybody to do everything, and research on one disease. */
const [noRestriction, oneDisease] = ['DUO:0000004', 'DUO:0000007'];

function faultOfUse({ access, human, consent, dataUse = [] }: AccessDeclaration): string | undefined {
  const fault = faultOfDataUse(dataUse);
  if (fault !== undefined || dataUse.length === 0) return fault;
  const isFree = dataUse.some(({ code }) => code === noRestriction);
  if (access === 'open' && !isFree)
    return 'Nobody agrees to conditions before reading open files: give the files on request, or say “no restriction” (NRES).';
  if (human && consent !== 'open' && isFree)
    return 'People agreed to less than use without restriction (NRES): choose what they agreed to.';
  if (human && consent === 'disease' && !dataUse.some(({ code }) => code === oneDisease))
    return 'People agreed to research on one disease: say which (DS, disease specific research).';
  return undefined;
}

/** Must a second curator approve it too? */
export const needsTwoCurators = ({ human }: AccessDeclaration): boolean => human;
