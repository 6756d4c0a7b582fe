/** Where the open draft of a study stands; `none`: it has none. */
export type DraftLife =
  | 'none'
  | 'editing'
  | 'submitted'
  | 'in_review'
  | 'changes_requested'
  | 'approved'
  | 'publishing';

/** Where the published study stands; `unpublished`: it has no version yet. `controlled`: files closed without a day, given on request. */
export type StudyLife = 'unpublished' | 'published' | 'embargoed' | 'controlled' | 'withdrawn';

/** Who may take a way. `two curators`: one asks, another confirms. `timer`: the server itself. */
export type LifeActor =
  | 'depositor'
  | 'owner'
  | 'editor'
  | 'curator'
  | 'assigned curator'
  | 'two curators'
  | 'two owners of the installation'
  | 'owner of the installation'
  | 'timer';

/** What must be so before a way is taken; the words of the docs are `guardWords`. */
export type LifeGuard =
  | 'room left'
  | 'revision'
  | 'complete'
  | 'nobody assigned'
  | 'open must-fix'
  | 'no open must-fix'
  | 'no open edit'
  | 'two when people'
  | 'unchanged since approval'
  | 'reason'
  | 'ground'
  | 'until'
  | 'no open draft'
  | 'no file change'
  | 'day reached';

/** One way from state to state, of the draft or of the published study. */
export interface LifeTransition {
  name: string;
  of: 'draft' | 'study';
  from: readonly (DraftLife | StudyLife)[];
  to: DraftLife | StudyLife;
  who: readonly LifeActor[];
  guards: readonly LifeGuard[];
  /** What happens beside the event of the audit log, for the docs. */
  effects: string;
}

/**
 * The whole life of a study (repository-practice 2), as two state fields that are never folded into one: that of its open draft and that of
 * what is published. What is not a row here is refused. `review.ts` and `study-states.ts` are views of it, and the docs' diagrams and table
 * are made of it.
 */
export const lifeOfAStudy: readonly LifeTransition[] = [
  draft('create', ['none'], 'editing', ['depositor'], ['room left'], 'accession reserved'),
  draft(
    'edit',
    ['editing', 'changes_requested'],
    'same',
    ['owner', 'editor'],
    ['revision'],
    'what is missing is found anew',
  ),
  draft(
    'edit in place',
    ['in_review'],
    'same',
    ['assigned curator'],
    ['revision'],
    'the depositor accepts or objects, field by field',
  ),
  draft('submit', ['editing', 'changes_requested'], 'submitted', ['owner'], ['complete'], 'frozen; curators told'),
  draft('recall', ['submitted'], 'editing', ['owner'], ['nobody assigned'], ''),
  draft('claim', ['submitted'], 'in_review', ['curator'], [], 'assignee set'),
  draft(
    'request changes',
    ['in_review'],
    'changes_requested',
    ['assigned curator'],
    ['open must-fix'],
    'open again; owner told',
  ),
  draft(
    'approve',
    ['in_review'],
    'approved',
    ['curator'],
    ['no open must-fix', 'no open edit', 'two when people'],
    'owner told; may wait for a day',
  ),
  draft('return', ['submitted', 'in_review'], 'editing', ['curator'], ['reason'], 'owner told; kept 90 days or longer'),
  draft('reopen', ['approved'], 'editing', ['owner'], [], 'approval and day are gone'),
  draft(
    'publish',
    ['approved'],
    'publishing',
    ['owner', 'curator', 'timer'],
    ['complete', 'unchanged since approval'],
    'version laid down',
  ),
  draft(
    'publish without review',
    ['editing'],
    'publishing',
    ['owner'],
    ['complete'],
    'version laid down; where no review is asked for',
  ),
  draft('published', ['publishing'], 'none', ['timer'], [], 'page, search, feeds, DOI; owner told'),
  draft(
    'discard',
    ['editing', 'changes_requested'],
    'none',
    ['owner', 'owner of the installation'],
    [],
    'kept 30 days, can be taken back',
  ),
  draft(
    'expire',
    ['editing', 'changes_requested'],
    'none',
    ['timer'],
    ['day reached'],
    'after 12 months and reminders; kept 30 days',
  ),
  draft('take back', ['none'], 'editing', ['owner'], ['no open draft'], 'what was discarded within 30 days'),
  draft(
    'new version',
    ['none'],
    'editing',
    ['owner', 'editor', 'owner of the installation'],
    ['no open draft'],
    'list of files taken over, no bytes copied',
  ),
  draft(
    'revise metadata',
    ['none'],
    'editing',
    ['owner', 'editor', 'curator'],
    ['no open draft', 'no file change'],
    'becomes N.m, same DOI',
  ),
  study('first publication', ['unpublished'], 'published', ['timer'], [], 'page, search, feeds, DOI'),
  study(
    'first publication, files later',
    ['unpublished'],
    'embargoed',
    ['timer'],
    ['until'],
    'metadata public, files closed',
  ),
  study(
    'first publication, files on request',
    ['unpublished'],
    'controlled',
    ['timer'],
    [],
    'metadata public, files given on request',
  ),
  study(
    'embargo extended',
    ['embargoed'],
    'embargoed',
    ['curator'],
    ['reason', 'until'],
    '36 months in all, unless the owner of the installation signs',
  ),
  study(
    'embargo lifted',
    ['embargoed'],
    'published',
    ['timer', 'owner', 'curator'],
    [],
    'feeds and harvesters see it; owner told',
  ),
  study('restricted', ['published', 'embargoed'], 'controlled', ['two curators'], ['reason', 'ground'], 'files closed'),
  study('opened', ['controlled'], 'published', ['curator'], ['reason'], 'files open'),
  study(
    'withdrawn',
    ['published', 'embargoed', 'controlled'],
    'withdrawn',
    ['curator'],
    ['reason'],
    'tombstone; files closed, bytes kept; the owner may ask for it',
  ),
  study(
    'purged',
    ['withdrawn'],
    'withdrawn',
    ['two owners of the installation'],
    ['reason', 'ground'],
    'bytes gone; certificate',
  ),
  study('reinstated', ['withdrawn'], 'published', ['curator'], ['reason'], 'page and files again'),
  study(
    'reinstated, files on request',
    ['withdrawn'],
    'controlled',
    ['curator'],
    ['reason'],
    'page again, files on request',
  ),
];

function draft(
  name: string,
  from: readonly DraftLife[],
  to: DraftLife | 'same',
  who: readonly LifeActor[],
  guards: readonly LifeGuard[],
  effects: string,
): LifeTransition {
  return { name, of: 'draft', from, to: to === 'same' ? from[0]! : to, who, guards, effects };
}

function study(
  name: string,
  from: readonly StudyLife[],
  to: StudyLife,
  who: readonly LifeActor[],
  guards: readonly LifeGuard[],
  effects: string,
): LifeTransition {
  return { name, of: 'study', from, to, who, guards, effects };
}

/** Does a way leave the state as it is, whichever of its states it begins in? */
export function staysThere({ name, of, from, to }: LifeTransition): boolean {
  return (of === 'draft' && name.startsWith('edit')) || (from.length === 1 && from[0] === to);
}

/** Ways that begin in a state of the draft or of the study, by name. */
export function waysFrom(of: LifeTransition['of'], state: DraftLife | StudyLife): string[] {
  return lifeOfAStudy.filter((one) => one.of === of && one.from.includes(state)).map(({ name }) => name);
}

/** The diagram of the docs, in Mermaid, of the draft or of the study. */
export function lifeDiagram(of: LifeTransition['of']): string {
  const first = of === 'draft' ? 'none' : 'unpublished';
  const named = (state: string) => (state === first ? '[*]' : state);
  const lines = lifeOfAStudy
    .filter((one) => one.of === of)
    .flatMap((one) =>
      one.from.map(
        (from) => `  ${named(from)} --> ${named(staysThere(one) ? from : one.to)}: ${one.name} (${one.who.join(', ')})`,
      ),
    );
  return ['stateDiagram-v2', ...lines].join('\n');
}

/** The table of the docs, in Markdown. */
export function lifeTable(of: LifeTransition['of']): string {
  const rows = lifeOfAStudy
    .filter((one) => one.of === of)
    .map((one) => {
      const to = staysThere(one) ? 'same' : one.to;
      return `| ${one.name} | ${one.from.join(', ')} → ${to} | ${one.who.join(', ')} | ${one.guards.join('; ')} | ${one.effects} |`;
    });
  return ['| name | from → to | who | must be so | effects |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
