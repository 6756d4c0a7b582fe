import { defineIssues, type Issue } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';

/** Issues of a machine-actionable data management plan. */
export const maDmpIssue = defineIssues({
  'madmp-missing': {
    severity: 'error',
    meaning: 'A maDMP lacks something the RDA Common Standard requires.',
    hint: 'Fill it in the tool the plan was written with.',
  },
  'madmp-not-listed': {
    severity: 'error',
    meaning: 'A value of a maDMP is not one of those the standard lists; booleans are the words yes, no and unknown.',
  },
  'madmp-malformed': {
    severity: 'error',
    meaning: 'A date of a maDMP is not spelled as the standard wants it.',
    hint: 'Write 2024-01-31, and 2024-01-31T00:00:00Z for created and modified.',
  },
});

const answers = ['yes', 'no', 'unknown'];

/** Checks a plan by the requirements that 1.1 and 1.2 share (section 9 of the standards note). */
export function checkMaDmp(document: Json): Issue[] {
  if (!isRecord(document) || !isRecord(document.dmp))
    return [maDmpIssue('madmp-missing', 'There is no “dmp” object', { where: { field: 'dmp' } })];
  const issues: Issue[] = [];
  const { dmp } = document;
  const need = (record: JsonRecord, place: string, ...names: string[]) => {
    for (const name of names)
      if (record[name] === undefined || record[name] === null)
        issues.push(maDmpIssue('madmp-missing', `${place} has no ${name}`, { where: { field: `${place}.${name}` } }));
  };
  const listed = (record: JsonRecord, place: string, name: string, list: readonly string[]) => {
    const value = textOf(record[name]);
    if (value !== undefined ? !list.includes(value) : record[name] !== undefined)
      issues.push(
        maDmpIssue(
          'madmp-not-listed',
          `${place}.${name} is ${JSON.stringify(record[name]).slice(0, 60)}, not ${list.join(', ')}`,
          { where: { field: `${place}.${name}` } },
        ),
      );
  };
  const dated = (record: JsonRecord, place: string, name: string, form: RegExp) => {
    const value = textOf(record[name]);
    if (value !== undefined && !form.test(value))
      issues.push(
        maDmpIssue('madmp-malformed', `${place}.${name} “${value.slice(0, 40)}” is not a date`, {
          where: { field: `${place}.${name}` },
        }),
      );
  };
  need(dmp, 'dmp', 'title', 'dmp_id', 'contact', 'created', 'modified', 'language', 'ethical_issues_exist', 'dataset');
  listed(dmp, 'dmp', 'ethical_issues_exist', answers);
  for (const name of ['created', 'modified']) dated(dmp, 'dmp', name, /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}|$)/);
  recordsOf(dmp.contact).forEach((one) => need(one, 'dmp.contact', 'name', 'mbox', 'contact_id'));
  recordsOf(dmp.contributor).forEach((one, index) =>
    need(one, `dmp.contributor[${index}]`, 'name', 'contributor_id', 'role'),
  );
  recordsOf(dmp.project).forEach((one, index) => need(one, `dmp.project[${index}]`, 'title'));
  recordsOf(dmp.dataset).forEach((one, index) => {
    const place = `dmp.dataset[${index}]`;
    need(one, place, 'title', 'dataset_id', 'personal_data', 'sensitive_data');
    for (const name of ['personal_data', 'sensitive_data']) listed(one, place, name, answers);
    dated(one, place, 'issued', /^\d{4}-\d{2}-\d{2}/);
    recordsOf(one.distribution).forEach((part, inner) => {
      const at = `${place}.distribution[${inner}]`;
      need(part, at, 'title', 'data_access');
      listed(part, at, 'data_access', ['open', 'shared', 'closed']);
      recordsOf(part.license).forEach((licence, number) => {
        need(licence, `${at}.license[${number}]`, 'license_ref', 'start_date');
        dated(licence, `${at}.license[${number}]`, 'start_date', /^\d{4}-\d{2}-\d{2}/);
      });
      recordsOf(part.host).forEach((host) => need(host, `${at}.host`, 'title', 'url'));
    });
  });
  return issues;
}
