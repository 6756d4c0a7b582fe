import type { Issue } from '@micrarium/model';
import { isDoiField } from '../identifiers/identifiers.ts';
import { splitTable, type TextRow } from '../tables/delimited.ts';
import { isaIssue } from './isa-json-check.ts';

/** Checks the files of an ISA-Tab folder by name: files that are named are there, rows fit, protocols and sources are declared. */
export function checkIsaTab(files: ReadonlyMap<string, string>): Issue[] {
  const name = [...files.keys()].find((one) => /(^|\/)i_[^/]*\.txt$/i.test(one));
  if (name === undefined) return [isaIssue('isa-missing', 'There is no investigation file (i_*.txt)')];
  const base = name.slice(0, name.length - name.split('/').at(-1)!.length);
  const rows = splitTable(files.get(name)!, '\t').filter(
    ({ cells }) => cells[0]!.trim() !== '' && !cells[0]!.startsWith('#'),
  );
  const valuesOf = (key: RegExp) =>
    rows
      .filter(({ cells }) => key.test(cells[0]!.trim()))
      .flatMap(({ cells, line }) =>
        cells.slice(1).map((value, index) => ({ value: value.trim(), line, column: index + 2 })),
      );
  const protocols = new Set(valuesOf(/^Study Protocol Name$/).map(({ value }) => value));
  const sources = new Set(valuesOf(/^Term Source Name$/).map(({ value }) => value));
  const issues: Issue[] = [];
  if (!rows.some(({ cells }) => cells[0]!.trim() === 'STUDY'))
    issues.push(isaIssue('isa-missing', 'The investigation has no STUDY section', { where: { file: name } }));
  for (const { value, line } of valuesOf(/^Study (Assay )?File Name$/))
    if (value !== '' && !files.has(base + value))
      issues.push(
        isaIssue('isa-missing', `The file ${value.slice(0, 100)} is named and not there`, {
          where: { file: name, line },
        }),
      );
  for (const { value, line } of valuesOf(/(Submission|Public Release) Date$/))
    if (value !== '' && !/^\d{4}-\d{2}-\d{2}/.test(value))
      issues.push(
        isaIssue('isa-malformed', `“${value.slice(0, 40)}” is not a date in the form YYYY-MM-DD [3001]`, {
          where: { file: name, line },
        }),
      );
  for (const { value, line } of valuesOf(/Publication DOI$/))
    if (value !== '' && !isDoiField(value))
      issues.push(
        isaIssue('isa-malformed', `“${value.slice(0, 60)}” is not a DOI [3002]`, { where: { file: name, line } }),
      );
  for (const { value, line } of valuesOf(/Term Source REF$/))
    for (const one of value.split(';'))
      if (one.trim() !== '' && !sources.has(one.trim()))
        issues.push(
          isaIssue('isa-term-source', `The term source ${one.trim().slice(0, 60)} is used and not declared [3009]`, {
            where: { file: name, line },
          }),
        );
  for (const [file, text] of files)
    if (/(^|\/)[sa]_[^/]*\.txt$/i.test(file)) issues.push(...checkTable(file, splitTable(text, '\t'), protocols));
  return issues.slice(0, 500);
}

function checkTable(file: string, table: readonly TextRow[], protocols: ReadonlySet<string>): Issue[] {
  const [header, ...rows] = table.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const issues: Issue[] = [];
  const first = /(^|\/)s_/i.test(file) ? 'Source Name' : 'Sample Name';
  if (names[0] !== first)
    issues.push(
      isaIssue('isa-missing', `The first column is “${(names[0] ?? '').slice(0, 40)}”, not ${first}`, {
        where: { file, line: 1 },
      }),
    );
  const unknown = new Set<string>();
  rows.forEach(({ cells, line }, index) => {
    const where = { file, line, row: index + 1 };
    // A row that ends early lacks values only; one that is too long has them in wrong columns.
    if (cells.length !== names.length && cells.slice(names.length).some((cell) => cell.trim() !== ''))
      issues.push(
        isaIssue('isa-malformed', `Row ${index + 1} has ${cells.length} cells, the header ${names.length}`, { where }),
      );
    else if (cells.length < names.length)
      issues.push(
        isaIssue('isa-malformed', `Row ${index + 1} has ${cells.length} cells, the header ${names.length}`, {
          where,
          severity: 'warning',
        }),
      );
    names.forEach((name, column) => {
      const value = cells[column]?.trim() ?? '';
      if (name !== 'Protocol REF' || value === '' || protocols.has(value) || unknown.has(value)) return;
      unknown.add(value);
      issues.push(
        isaIssue('isa-link', `The protocol “${value.slice(0, 80)}” is not declared in the investigation [1007]`, {
          where: { ...where, column: name },
          severity: protocols.size === 0 ? 'error' : 'warning',
        }),
      );
    });
  });
  return issues;
}
