import type { Issue } from '@micrarium/model';

/** There is no such draft, file, study, version or item (or the caller must not know of it). */
export class NotThere extends Error {
  override readonly name = 'NotThere';

  constructor(what: string) {
    super(`There is no ${what}`);
  }
}

/** The draft is being published, is published, or was discarded: nothing can be changed in it. */
export class DraftNotEditable extends Error {
  override readonly name = 'DraftNotEditable';
  readonly state: string;

  constructor(draftId: string, state: string) {
    super(`Draft ${draftId} cannot be changed: it is ${state.replaceAll('_', ' ')}`);
    this.state = state;
  }
}

/** What was asked cannot be done with the data as they are; the issues say why and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly issues: readonly Issue[];

  constructor(message: string, issues: readonly Issue[]) {
    super(message);
    this.issues = issues;
  }
}
