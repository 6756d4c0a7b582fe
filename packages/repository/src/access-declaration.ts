/** What a depositor declares of people in the data, and who may read the files (repository-practice 5.3). */
export interface AccessDeclaration {
  /** Files are open to everybody, or to those whose request is granted. */
  access: 'open' | 'controlled';
  /** Does anything come from people? */
  human: boolean;
  /** Can a person be recognised by it: face, retina, teeth, gait, sequence, names? */
  identifiable: boolean;
  /** What those people agreed to. */
  consent: 'open' | 'research' | 'disease' | 'none';
  /** Which body approved it, under which number. */
  ethics: string;
  /** What whoever reads the files agrees to. */
  terms: string;
}

/** Why a declaration cannot stand, in words for who declares; `undefined` where it can. */
export function faultOfDeclaration(declaration: AccessDeclaration): string | undefined {
  const { access, human, identifiable, consent, ethics } = declaration;
  if (identifiable && !human) return 'Data by which a person can be recognised come from people: say so.';
  if (identifiable && consent === 'none')
    return 'Data by which a person can be recognised are not kept without their consent. Take these files out of the study.';
  if (human && consent !== 'open' && access === 'open')
    return 'People agreed to less than that everybody reads these data: the files can be given on request only.';
  if (human && ethics.trim() === '') return 'Say which body approved this, and under which number.';
  return undefined;
}

/** Must a second curator approve it too? */
export const needsTwoCurators = ({ human }: AccessDeclaration): boolean => human;
