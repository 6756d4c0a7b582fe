import { type Imported, type JsonStandard, rootRecord } from '../exchange/exchange.ts';
import {
  type ContributorNode,
  displayName,
  emptyGraph,
  keyMaker,
  splitName,
  type StudyGraph,
} from '../graph/study-graph.ts';
import { dayOf, firstDay, wholeDay } from '../exchange/written-dates.ts';
import { readDoi, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence, statedLicence } from '../licences/licences.ts';

/** A draft of a study from a machine-actionable data management plan (RDA Common Standard 1.1 and 1.2). */
export function readMaDmp(document: Json): Imported {
  const { root, issues } = rootRecord(
    isRecord(document) ? (document.dmp ?? null) : null,
    'madmp',
    'it has no “dmp” object',
  );
  const graph = emptyGraph();
  const datasets = recordsOf(root.dataset);
  const licences = datasets.flatMap((one) => recordsOf(one.distribution).flatMap((part) => recordsOf(part.license)));
  const licence = licences.flatMap((one) => textOf(one.license_ref) ?? [])[0];
  const dates = [...licences.map((one) => textOf(one.start_date)), ...datasets.map((one) => textOf(one.issued))]
    .filter((date) => date !== undefined)
    .sort();
  const first = datasets[0] ?? {};
  const doi = readDoi(
    datasets
      .map((one) => textOf((recordsOf(one.dataset_id)[0] ?? {}).identifier))
      .find((id) => id !== undefined && 'doi' in readDoi(id)) ?? '',
  );
  graph.study = filled({
    title: textOf(root.title),
    description: textOf(root.description),
    identifier: textOf((recordsOf(root.dmp_id)[0] ?? {}).identifier),
    doi: 'doi' in doi ? doi.doi : undefined,
    keywords: [...new Set(datasets.flatMap((one) => textsOf(one.keyword)))],
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: dayOf(dates[0]),
    submissionDate: dayOf(textOf(root.created)),
    updateDate: dayOf(textOf(root.modified)),
    types: textOf(first.type) === undefined ? [] : [{ label: textOf(first.type)! }],
  });
  readPeople(graph, root);
  readProjects(graph, root);
  const key = keyMaker('dataset');
  for (const one of datasets) {
    const title = textOf(one.title) ?? '';
    const files = recordsOf(one.distribution);
    graph.datasets.push({
      ...filled({
        title,
        description: textOf(one.description),
        identifier: textOf((recordsOf(one.dataset_id)[0] ?? {}).identifier),
        formats: [...new Set(files.flatMap((part) => textsOf(part.format)))],
      }),
      key: key(),
      title,
    });
  }
  readEthics(graph, root, datasets);
  const linkKey = keyMaker('l');
  for (const one of [root, ...datasets].flatMap((part) => recordsOf(part.related_identifier))) {
    const url = textOf(one.identifier);
    if (url !== undefined)
      graph.links.push({
        ...filled({ relation: textOf(one.relation_type), type: textOf(one.type) }),
        key: linkKey(),
        url,
      });
  }
  return { graph, issues };
}

function readPeople(graph: StudyGraph, root: JsonRecord): void {
  const key = keyMaker('c');
  const people = new Map<string, ContributorNode>();
  const take = (one: JsonRecord, isContact: boolean) => {
    const name = textOf(one.name) ?? '';
    const id = recordsOf(one.contact_id ?? one.contributor_id)[0] ?? {};
    const email = textOf(one.mbox);
    const known = people.get(`${name} ${email ?? ''}`);
    const node: ContributorNode = {
      ...filled<Omit<ContributorNode, 'key'>>({
        ...(name === '' ? {} : splitName(name)),
        email,
        orcid: readOrcid(textOf(id.identifier) ?? ''),
        roles: [...new Set([...(known?.roles ?? []), ...textsOf(one.role)])],
        organisations: recordsOf(one.affiliation).map((part) => organisationOf(graph, part)),
      }),
      ...(isContact || known?.isContact ? { isContact: true } : {}),
      key: known?.key ?? key(),
    };
    people.set(`${name} ${email ?? ''}`, { ...known, ...node });
  };
  for (const one of recordsOf(root.contact)) take(one, true);
  for (const one of recordsOf(root.contributor)) take(one, false);
  graph.contributors = [...people.values()];
}

function organisationOf(graph: StudyGraph, part: JsonRecord): string {
  const name = textOf(part.name) ?? '';
  const ror = readRor(textOf((recordsOf(part.affiliation_id)[0] ?? {}).identifier) ?? '');
  const known = graph.organisations.find((one) => one.name === name);
  if (known) return known.key;
  const key = `o-${graph.organisations.length + 1}`;
  graph.organisations.push({ key, name, ...(ror === undefined ? {} : { ror }) });
  return key;
}

function readProjects(graph: StudyGraph, root: JsonRecord): void {
  const key = keyMaker('g');
  for (const project of recordsOf(root.project))
    for (const one of recordsOf(project.funding)) {
      const funder = recordsOf(one.funder_id)[0] ?? {};
      graph.grants.push({
        ...filled({
          title: textOf(project.title),
          identifier: textOf((recordsOf(one.grant_id)[0] ?? {}).identifier),
          funderId: textOf(funder.identifier),
          funder: textOf(one.name),
        }),
        key: key(),
      });
    }
}

function readEthics(graph: StudyGraph, root: JsonRecord, datasets: readonly JsonRecord[]): void {
  const answers = datasets.map((one) => textOf(one.personal_data));
  const identifiable = answers.includes('yes')
    ? 'yes'
    : answers.includes('unknown')
      ? 'unknown'
      : answers.includes('no')
        ? 'no'
        : undefined;
  const text = textOf(root.ethical_issues_description);
  const access = datasets.flatMap((one) => recordsOf(one.distribution).map((part) => textOf(part.data_access)));
  const ethics = filled({
    identifiable: identifiable as 'yes' | 'no' | 'unknown' | undefined,
    restrictions: text,
    access: access.includes('closed')
      ? ('controlled' as const)
      : access.includes('shared')
        ? ('registered' as const)
        : undefined,
  });
  if (Object.keys(ethics).length > 0) graph.ethics = ethics;
}

const dateTime = (date: string | undefined) => `${firstDay(date) ?? '1970-01-01'}T00:00:00Z`;

/** The plan as it stands after deposit: data sets with DOI, licence, dates and size. Schema 1.2; valid by 1.1 too. */
export function writeMaDmp(graph: StudyGraph): Json {
  const { study } = graph;
  // A plan holds the address alone: terms in words are left out.
  const licence = study.licence === undefined ? undefined : statedLicence(study.licence).url;
  const contact = graph.contributors.find(({ isContact }) => isContact) ?? graph.contributors[0];
  const bytes = graph.files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const datasets =
    graph.datasets.length > 0
      ? graph.datasets
      : [{ key: '', title: study.title ?? '', description: study.description }];
  const access =
    graph.ethics?.access === 'controlled' || graph.ethics?.access === 'closed'
      ? 'closed'
      : graph.ethics?.access === 'registered'
        ? 'shared'
        : 'open';
  const dataset = datasets.map((one, index) => {
    const inside = graph.files.filter((file) => file.dataset === one.key);
    const size = one.key === '' ? bytes : inside.reduce((sum, file) => sum + (file.size ?? 0), 0);
    const identifier =
      ('identifier' in one ? one.identifier : undefined) ??
      (study.doi === undefined ? study.identifier : `https://doi.org/${study.doi}`);
    return filled<JsonRecord>({
      title: one.title === '' ? 'Data' : one.title,
      description: one.description,
      dataset_id: {
        identifier: identifier ?? `${index + 1}`,
        type: identifier?.includes('doi.org/') ? 'doi' : 'other',
      },
      type: index === 0 ? study.types?.[0]?.label : undefined,
      keyword: index === 0 ? (study.keywords ?? []) : [],
      issued: wholeDay(study.releaseDate),
      personal_data: graph.ethics?.identifiable ?? 'no',
      sensitive_data: graph.ethics?.identifiable === 'yes' ? 'yes' : (graph.ethics?.identifiable ?? 'no'),
      distribution: [
        filled<JsonRecord>({
          title: one.title === '' ? 'Data' : one.title,
          data_access: access,
          access_url: study.url,
          byte_size: size > 0 ? size : undefined,
          format: 'formats' in one ? one.formats : undefined,
          license:
            licence === undefined
              ? []
              : [{ license_ref: licence, start_date: firstDay(study.releaseDate) ?? '1970-01-01' }],
        }),
      ],
    });
  });
  return {
    dmp: filled<JsonRecord>({
      title: study.title ?? 'Untitled',
      description: study.description,
      language: 'eng',
      created: dateTime(study.submissionDate ?? study.releaseDate),
      modified: dateTime(study.updateDate ?? study.releaseDate),
      dmp_id: { identifier: study.identifier ?? 'unknown', type: 'other' },
      contact: {
        name: contact ? displayName(contact) : 'Unknown',
        mbox: contact?.email ?? 'unknown@example.org',
        contact_id: identity(contact),
        ...affiliations(graph, contact),
      },
      contributor: graph.contributors.map((one) =>
        filled<JsonRecord>({
          name: displayName(one),
          mbox: one.email,
          contributor_id: identity(one),
          role: [...new Set(one.roles ?? ['Researcher'])],
          ...affiliations(graph, one),
        }),
      ),
      ethical_issues_exist:
        graph.ethics === undefined
          ? 'no'
          : graph.ethics.identifiable === 'unknown'
            ? 'unknown'
            : graph.ethics.restrictions !== undefined || graph.ethics.identifiable === 'yes'
              ? 'yes'
              : 'no',
      ethical_issues_description: graph.ethics?.restrictions,
      project: graph.grants.map((grant) => ({
        title: grant.title ?? study.title ?? 'Project',
        funding: [
          filled<JsonRecord>({
            name: grant.funder,
            funder_id: {
              identifier: grant.funderId ?? grant.funder ?? 'unknown',
              // The list of 1.1 has no ROR; what is one is an address.
              type: readRor(grant.funderId ?? '')
                ? 'url'
                : /10\.13039/.test(grant.funderId ?? '')
                  ? 'fundref'
                  : 'other',
            },
            grant_id: grant.identifier === undefined ? undefined : { identifier: grant.identifier, type: 'other' },
            funding_status: 'granted',
          }),
        ],
      })),
      related_identifier: graph.links.map(({ url, type, relation }) => ({
        identifier: url,
        type: type ?? (/^https?:/i.test(url) ? 'url' : 'other'),
        relation_type: relation ?? 'References',
      })),
      dataset,
    }),
  };
}

function identity(one: ContributorNode | undefined): Json {
  if (one?.orcid !== undefined) return { identifier: `https://orcid.org/${one.orcid}`, type: 'orcid' };
  return { identifier: one?.email ?? one?.key ?? 'unknown', type: 'other' };
}

function affiliations(graph: StudyGraph, one: ContributorNode | undefined): JsonRecord {
  const list = (one?.organisations ?? []).flatMap(
    (key) => graph.organisations.find((other) => other.key === key) ?? [],
  );
  if (list.length === 0) return {};
  return {
    affiliation: list.map(({ name, ror }) => ({
      name,
      affiliation_id:
        ror === undefined ? { identifier: name, type: 'other' } : { identifier: `https://ror.org/${ror}`, type: 'ror' },
    })),
  };
}

/** maDMP 1.2 out, 1.1 and 1.2 in. */
export const maDmp: JsonStandard = { standard: 'madmp', read: readMaDmp, write: writeMaDmp };
