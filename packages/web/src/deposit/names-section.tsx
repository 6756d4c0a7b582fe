import { type NamingTemplate, checkNames, guessLevels, guessPattern, usualRules } from '@micrarium/formats';
import type { Pair, StudyItem } from '@micrarium/model';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useText } from '../messages/text.ts';
import type { DraftEditor } from './draft-editor.ts';
import type { Draft } from './draft.ts';
import type { ItemRow } from './item-row.ts';
import { LevelsPart } from './names-levels.tsx';
import { PatternPart } from './names-pattern.tsx';
import { RulesPart } from './names-rules.tsx';
import { TemplatePart } from './names-template.tsx';
import { keepTemplate, keptTemplate, studyTemplate, templateSlot, writtenTemplate } from './naming-memory.ts';
import type { Slots, ValueSlot } from './slots.ts';
import { titlesFromFolders } from './titles-from-folders.ts';

interface Props {
  rows: readonly ItemRow[];
  draft: Draft;
  slots: Slots;
  editor: DraftEditor;
}

/** What names and folders say: the pattern of a series, the levels of folders, rules for names, and a plan of new names. */
export function NamesSection(props: Props): JSX.Element | null {
  const text = useText();
  const { rows, slots } = props;
  const [open, setOpen] = useState(false);
  // The text stays the same when a draft is read again.
  const written = (slots[templateSlot] as ValueSlot | undefined)?.value;
  const template = useMemo(() => studyTemplate(written), [written]);
  const broken = useBroken(rows, template);
  // Only counted, not gathered, while it is closed: rows change many times a second while a large folder is taken in.
  if (rows.length < 2 && (rows[0]?.files.length ?? 0) < 2 && !broken) return null;
  return (
    <section id="names" tabIndex={-1}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2>{text('names.title')}</h2> <span className="s m2">{text('names.help')}</span>{' '}
          <span role="status">
            {broken === undefined ? null : (
              <span className={`st ${broken > 0 ? 'warn' : 'ok'}`}>
                {broken >= many
                  ? text('names.brokenMany')
                  : broken > 0
                    ? text('names.broken', { count: broken })
                    : text('names.good')}
              </span>
            )}
          </span>
        </summary>
        {open ? <NamesEditor {...props} kept={template} /> : null}
      </details>
    </section>
  );
}

/** Names are looked at when none has come for so long, in milliseconds: a large folder comes in a thousand steps. */
const quiet = 600;

/** Findings of a kind end at this number, and so does counting. */
const many = 100;

/** How many names break the rules kept with the study; `undefined` where it keeps none, or nothing is there. */
function useBroken(rows: readonly ItemRow[], template: NamingTemplate | undefined): number | undefined {
  const [broken, setBroken] = useState<number | undefined>();
  useEffect(() => {
    if (!template || rows.length === 0) return;
    const timer = setTimeout(() => setBroken(brokenNames(pathsOf(rows), template)), quiet);
    return () => clearTimeout(timer);
  }, [rows, template]);
  return template && rows.length > 0 ? broken : undefined;
}

function brokenNames(paths: readonly string[], { rules }: NamingTemplate): number {
  return new Set(checkNames(paths, rules).map(({ where }) => where.file)).size;
}

function pathsOf(rows: readonly ItemRow[]): string[] {
  return [...new Set(rows.flatMap(({ files }) => files))].sort();
}

function NamesEditor({ rows, draft, editor, kept }: Props & { kept: NamingTemplate | undefined }): JSX.Element {
  const text = useText();
  const paths = useMemo(() => pathsOf(rows), [rows]);
  const [template, setTemplate] = useState<NamingTemplate>(() => kept ?? keptTemplate() ?? guessedTemplate(paths));
  const [seen, setSeen] = useState(kept);
  const editable = draft.state === 'editing';
  // Taken back, or changed by somebody else.
  if (kept !== seen) {
    setSeen(kept);
    if (kept) setTemplate(kept);
  }
  useEffect(() => keepTemplate(template), [template]);
  const take = (next: NamingTemplate): void => {
    setTemplate(next);
    const value = writtenTemplate(next);
    if (editable && value) editor.edit({ [templateSlot]: { value } });
  };
  const change = (part: Partial<NamingTemplate>): void => take({ ...template, ...part });
  const titles = useMemo(
    () => titlesFromFolders(template.levels, draft.items as StudyItem[], draft.pairs as Pair[], draft.datasetTitles),
    [template.levels, draft.items, draft.pairs, draft.datasetTitles],
  );
  const count = Object.keys(titles).length;
  const nameDatasets = (): void =>
    editor.edit(Object.fromEntries(Object.entries(titles).map(([id, title]) => [`title:${id}`, title])));
  return (
    <>
      <PatternPart paths={paths} pattern={template.pattern ?? ''} change={(pattern) => change({ pattern })} />
      <LevelsPart paths={paths} levels={template.levels} change={(levels) => change({ levels })} />
      {count > 0 && editable ? (
        <button type="button" className="btn sm" onClick={nameDatasets}>
          {text('names.useTitles', { count })}
        </button>
      ) : null}
      <RulesPart paths={paths} template={template} change={change} />
      <p className="s m2">{text(kept ? 'names.kept' : 'names.notKept')}</p>
      <TemplatePart template={template} take={take} guess={() => take(guessedTemplate(paths))} />
    </>
  );
}

function guessedTemplate(paths: readonly string[]): NamingTemplate {
  const pattern = guessPattern(paths);
  return {
    schema: 'micrarium-naming-1',
    name: '',
    levels: guessLevels(paths),
    ...(pattern === undefined ? {} : { pattern }),
    rules: usualRules,
  };
}
