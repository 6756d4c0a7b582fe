import {
  type LevelRole,
  type NamingTemplate,
  checkNames,
  emptyTree,
  guessLevels,
  guessPattern,
  levelRoles,
  missingMembers,
  parsePattern,
  planRenaming,
  readFolders,
  readSeries,
  readTemplate,
  renamingCsv,
  renamingScript,
  templateText,
  usualRules,
} from '@micrarium/formats';
import type { Pair, StudyItem } from '@micrarium/model';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { FindingList } from './finding-list.tsx';
import type { Draft } from './draft.ts';
import type { ItemRow } from './item-row.ts';
import { keptTemplate, keepTemplate } from './naming-memory.ts';
import { saveTree } from './save-tree.ts';
import { titlesFromFolders } from './titles-from-folders.ts';

const levelWords: Record<LevelRole, MessageKey> = {
  study: 'names.study',
  'data set': 'names.dataset',
  condition: 'names.condition',
  plate: 'names.plate',
  well: 'names.well',
  replicate: 'names.replicate',
  ignored: 'names.ignored',
};

const examplePattern = ['{well}', '{field}', 't{t}', 'c{c}.tif'].join('_');

/** Rows of the tables; the rest is counted. */
const fewRows = 8;

/** What names and folders say: the pattern of a series, the levels of folders, rules for names, and a plan of new names. */
export function NamesSection({
  rows,
  draft,
  setTitles,
}: {
  rows: readonly ItemRow[];
  draft: Draft;
  /** Gives data sets their titles, by id. */
  setTitles: (titles: Readonly<Record<string, string>>) => void;
}): JSX.Element | null {
  const text = useText();
  const [open, setOpen] = useState(false);
  // Only counted, not gathered, while it is closed: rows change many times a second while a large folder is taken in.
  if (rows.length < 2 && (rows[0]?.files.length ?? 0) < 2) return null;
  return (
    <section id="names" tabIndex={-1}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2>{text('names.title')}</h2> <span className="s m2">{text('names.help')}</span>
        </summary>
        {open ? <NamesEditor rows={rows} draft={draft} setTitles={setTitles} /> : null}
      </details>
    </section>
  );
}

function NamesEditor({
  rows,
  draft,
  setTitles,
}: {
  rows: readonly ItemRow[];
  draft: Draft;
  setTitles: (titles: Readonly<Record<string, string>>) => void;
}): JSX.Element {
  const text = useText();
  const paths = useMemo(() => [...new Set(rows.flatMap(({ files }) => files))].sort(), [rows]);
  const [template, setTemplate] = useState<NamingTemplate>(() => keptTemplate() ?? guessedTemplate(paths));
  useEffect(() => keepTemplate(template), [template]);
  const change = (part: Partial<NamingTemplate>): void => setTemplate({ ...template, ...part });
  const titles = useMemo(
    () => titlesFromFolders(template.levels, draft.items as StudyItem[], draft.pairs as Pair[], draft.datasetTitles),
    [template.levels, draft.items, draft.pairs, draft.datasetTitles],
  );
  const count = Object.keys(titles).length;
  return (
    <>
      <PatternPart paths={paths} pattern={template.pattern ?? ''} change={(pattern) => change({ pattern })} />
      <LevelsPart paths={paths} levels={template.levels} change={(levels) => change({ levels })} />
      {count > 0 && draft.state === 'editing' ? (
        <button type="button" className="btn sm" onClick={() => setTitles(titles)}>
          {text('names.useTitles', { count })}
        </button>
      ) : null}
      <RulesPart paths={paths} template={template} change={change} />
      <TemplatePart template={template} take={setTemplate} guess={() => setTemplate(guessedTemplate(paths))} />
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

function PatternPart({
  paths,
  pattern,
  change,
}: {
  paths: readonly string[];
  pattern: string;
  change: (pattern: string) => void;
}): JSX.Element {
  const text = useText();
  const parsed = useMemo(() => (pattern === '' ? undefined : parsePattern(pattern)), [pattern]);
  const series = useMemo(() => (typeof parsed === 'object' ? readSeries(parsed, paths) : undefined), [parsed, paths]);
  const roles = Object.entries(series?.axes ?? {});
  const missing = series ? missingMembers(series) : [];
  return (
    <fieldset className="block">
      <legend>{text('names.pattern')}</legend>
      <label className="row w">
        <span className="sr">{text('names.pattern')}</span>
        <span className={`field-in grow ${typeof parsed === 'string' ? 'wrong' : ''}`}>
          <input
            type="text"
            className="mono"
            size={44}
            spellCheck={false}
            value={pattern}
            placeholder={examplePattern}
            aria-invalid={typeof parsed === 'string'}
            onChange={(event) => change(event.target.value)}
          />
        </span>
      </label>
      {typeof parsed === 'string' ? (
        <p className="problem" role="alert">
          {parsed}
        </p>
      ) : null}
      {series ? (
        <>
          <p className="s" role="status">
            {text('names.fits', { count: series.read.length, all: paths.length })}
          </p>
          {roles.length > 0 ? (
            <table className="t">
              <thead>
                <tr>
                  <th>{text('names.part')}</th>
                  <th>{text('names.values')}</th>
                </tr>
              </thead>
              <tbody>
                {roles.map(([role, values]) => (
                  <tr key={role}>
                    <td className="mono">{`{${role}}`}</td>
                    <td>
                      {values.slice(0, fewRows).join(', ')}
                      {values.length > fewRows ? ` … (${values.length})` : ''}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
          <NameList
            title={text('names.missing', { count: series.missing.length })}
            names={missing.map((one) => one.where.file!)}
          />
          <NameList title={text('names.unread', { count: series.unread.length })} names={series.unread} />
        </>
      ) : null}
    </fieldset>
  );
}

/** A few names under a title; nothing where there are none. */
function NameList({ title, names }: { title: string; names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null;
  return (
    <>
      <p className="s m2">{title}</p>
      <ul className="s mono">
        {names.slice(0, fewRows).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > fewRows ? <li>…</li> : null}
      </ul>
    </>
  );
}

function LevelsPart({
  paths,
  levels,
  change,
}: {
  paths: readonly string[];
  levels: readonly LevelRole[];
  change: (levels: LevelRole[]) => void;
}): JSX.Element | null {
  const text = useText();
  const depth = useMemo(() => paths.reduce((most, path) => Math.max(most, path.split('/').length - 1), 0), [paths]);
  const read = useMemo(() => readFolders(levels, paths.slice(0, fewRows)), [levels, paths]);
  if (depth === 0) return null;
  const shown = Array.from({ length: Math.min(depth, 12) }, (_, n): LevelRole => levels[n] ?? 'ignored');
  return (
    <fieldset className="block">
      <legend>{text('names.folders')}</legend>
      <div className="row w">
        {shown.map((role, level) => (
          // oxlint-disable-next-line react/no-array-index-key
          <label key={level} className="row">
            <span>{text('names.level', { count: level + 1 })}</span>
            <select
              className="sel sm"
              value={role}
              onChange={(event) =>
                change(shown.map((one, n) => (n === level ? (event.target.value as LevelRole) : one)))
              }
            >
              {levelRoles.map((one) => (
                <option key={one} value={one}>
                  {text(levelWords[one])}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <ul className="s">
        {read.map(({ path, values }) => (
          <li key={path}>
            <span className="mono">{path}</span>
            {Object.keys(values).length > 0 ? ': ' : ''}
            {Object.entries(values)
              .map(([role, value]) => `${text(levelWords[role as LevelRole])} ${value}`)
              .join(', ')}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function RulesPart({
  paths,
  template,
  change,
}: {
  paths: readonly string[];
  template: NamingTemplate;
  change: (part: Partial<NamingTemplate>) => void;
}): JSX.Element {
  const text = useText();
  const { rules } = template;
  const found = useMemo(() => checkNames(paths, rules), [paths, rules]);
  const plan = useMemo(() => planRenaming(paths, rules), [paths, rules]);
  return (
    <fieldset className="block">
      <legend>{text('names.rules')}</legend>
      <div className="row w">
        <label className="row">
          <input
            type="checkbox"
            checked={!rules.spaces}
            onChange={(event) => change({ rules: { ...rules, spaces: !event.target.checked } })}
          />
          <span>{text('names.noSpaces')}</span>
        </label>
        <label className="row">
          <span>{text('names.illegal')}</span>
          <span className="field-in">
            <input
              type="text"
              className="mono"
              size={18}
              spellCheck={false}
              value={rules.illegal}
              onChange={(event) => change({ rules: { ...rules, illegal: event.target.value } })}
            />
          </span>
        </label>
        <label className="row">
          <span>{text('names.longest')}</span>
          <span className="field-in">
            <input
              type="number"
              min={8}
              max={255}
              value={rules.longest}
              onChange={(event) => {
                const longest = Math.round(Number(event.target.value));
                if (longest >= 8 && longest <= 255) change({ rules: { ...rules, longest } });
              }}
            />
          </span>
        </label>
      </div>
      {found.length === 0 ? <p className="st ok">{text('names.good')}</p> : null}
      <FindingList issues={found} />
      {plan.length > 0 ? (
        <>
          <p className="s m2">{text('names.plan', { count: plan.length })}</p>
          <table className="t plan">
            <tbody>
              {plan.slice(0, fewRows).map(({ from, to }) => (
                <tr key={from}>
                  <td className="mono">{from}</td>
                  <td className="mono">{to}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <div className="row w">
            <button
              type="button"
              className="btn sm"
              onClick={() => saveText('new-names.csv', 'text/csv;charset=utf-8', renamingCsv(plan))}
            >
              {text('names.planTable')}
            </button>
            <button
              type="button"
              className="btn sm"
              onClick={() => saveText('copy-under-new-names.sh', 'text/x-shellscript', renamingScript(plan))}
            >
              {text('names.planScript')}
            </button>
          </div>
        </>
      ) : null}
    </fieldset>
  );
}

function TemplatePart({
  template,
  take,
  guess,
}: {
  template: NamingTemplate;
  take: (template: NamingTemplate) => void;
  guess: () => void;
}): JSX.Element {
  const text = useText();
  const [problem, setProblem] = useState('');
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const found = file.size > 1 << 20 ? text('names.tooLarge') : readTemplate(await file.text());
    if (typeof found === 'string') setProblem(found);
    else {
      setProblem('');
      take(found);
    }
  };
  return (
    <div className="row w">
      <button type="button" className="btn sm quiet" onClick={guess}>
        {text('names.guess')}
      </button>
      <button
        type="button"
        className="btn sm"
        onClick={() => saveText('naming-template.json', 'application/json', templateText(template))}
      >
        {text('names.save')}
      </button>
      <label className="btn sm">
        {text('names.load')}
        <input
          type="file"
          className="sr"
          accept=".json,application/json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </label>
      <button
        type="button"
        className="btn sm"
        onClick={() => void saveTree(emptyTree(template, 'new-project'), 'new-project.zip')}
      >
        {text('names.emptyTree')}
      </button>
      {problem === '' ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
