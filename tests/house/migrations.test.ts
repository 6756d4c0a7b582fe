import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

/** What a process of the version before, which still runs while processes are replaced one after the other, would stumble over. */
const breaking = [
  /\bdrop (?:table|column)\b/i,
  /\brename\b/i,
  /\balter column \w+ (?:set data )?type\b/i,
  /\balter column \w+ set not null\b/i,
  /\badd column (?:if not exists )?\w+ [^,`]*\bnot null\b(?![^,`]*\b(?:default|generated)\b)/i,
  /\btruncate (?!on\b)\w/i,
  /\bdelete from\b/i,
];

/** Of the time before the first release: nobody runs a version without them. Nothing is to be added here. */
const known = ['alter table search_document alter column changed_at set not null', 'delete from study_term'];

/** The statements of a migration that an older process would not survive. */
function breakingOf(text: string): string[] {
  return [...text.matchAll(/`([^`]*)`/g)]
    .map(([, statement]) => statement!.trim())
    .filter((statement) => breaking.some((one) => one.test(statement)) && !known.includes(statement));
}

test('migrations only add, so that processes can be replaced one after the other', () => {
  const migrations = sourceFiles().filter(({ path }) => path.includes('server/src/database/migrations/'));
  expect(migrations.length).toBeGreaterThan(20);
  expect(migrations.flatMap(({ path, text }) => breakingOf(text).map((one) => `${path}: ${one}`))).toEqual([]);
});

test('what takes away or asks for more is seen', () => {
  const statements = ['drop table study', 'alter table study add column a text not null', 'truncate study'];
  for (const one of statements) expect(breakingOf(`\`${one}\``)).toEqual([one]);
  expect(breakingOf('`alter table study add column a text not null default 1`')).toEqual([]);
});
