/** A change of state that no rule allows. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
  /** Names of what can be done instead. */
  readonly allowed: readonly string[] | undefined;

  constructor(message: string, allowed?: readonly string[]) {
    super(message);
    this.allowed = allowed;
  }
}
