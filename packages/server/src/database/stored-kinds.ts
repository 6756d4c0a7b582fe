import { type ChangeKind, changeKinds } from '@micrarium/model';

/** Kinds of change as the database has them: each once, in one order; none is nothing. */
export const storedKinds = (kinds: readonly ChangeKind[]): string | null => {
  const chosen = changeKinds.filter((kind) => kinds.includes(kind));
  return chosen.length === 0 ? null : JSON.stringify(chosen);
};
