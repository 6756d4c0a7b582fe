import { matchDatasets } from '../exchange/import-metadata.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence, knownLicence } from '../licences/licences.ts';

/** What a data management plan (RDA maDMP 1.1, 1.2) says of one data set. */
export interface PlannedDataset {
  title: string;
  description?: string;
  /** Bytes of all its distributions, where the plan says so. */
  bytes?: number;
  /** Day (YYYY-MM-DD) from which it is to be open: the earliest date of a licence, else of issue. */
  date?: string;
  /** SPDX id, or the address as the plan has it. */
  licence?: string;
  /** `open`, `shared` or `closed`. */
  access?: string;
  /** `yes`, `no` or `unknown`. */
  personalData?: string;
  sensitiveData?: string;
  formats: string[];
}

/** What was deposited for a plan: a study, published or still a draft. */
export interface DepositedStudy {
  accession: string;
  title: string;
  /** Number of the data set of the plan that the study is for, from 0; left out where it is for the whole plan. */
  dataset?: number;
  /** Left out for a draft. */
  version?: number;
  url?: string;
  doi?: string;
  /** Day (YYYY-MM-DD) from which its files are open. */
  releasedOn?: string;
  /** SPDX id. */
  licence?: string;
  access: 'open' | 'closed';
  bytes: number;
  datasets: { id: string; title: string; bytes: number; formats: string[]; files: readonly string[] }[];
}

/** One row of the plan view. */
export interface PlanRow {
  planned: PlannedDataset;
  deposited?: Pick<DepositedStudy, 'accession' | 'version' | 'url' | 'doi' | 'releasedOn' | 'licence' | 'access'> & {
    /** Title of the data set of the study; of the study itself where it is for one data set of the plan. */
    title: string;
    bytes: number;
    formats: string[];
  };
  /** Where the two part: more bytes than planned, a later day (or none although the planned one has passed), another licence. */
  differences: ('volume' | 'date' | 'licence' | 'access')[];
}

const plan = (document: Json): JsonRecord => {
  const inner = isRecord(document) ? document.dmp : undefined;
  return isRecord(inner) ? inner : {};
};
const day = (text: string | undefined) => text?.slice(0, 10);
const spdxOf = (licence: string | undefined) =>
  licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence);

/** Is the document a data management plan that can be read? */
export function isMaDmp(document: Json): boolean {
  return isRecord(document) && isRecord(document.dmp);
}

/** Heading of a plan. */
export function planHeading(document: Json): { title: string; identifier?: string; modified?: string } {
  const { title, dmp_id: id, modified } = plan(document);
  return {
    title: textOf(title) ?? '',
    ...filled({ identifier: textOf((recordsOf(id)[0] ?? {}).identifier), modified: textOf(modified) }),
  };
}

/** The data sets a plan expects, in its order. */
export function plannedDatasets(document: Json): PlannedDataset[] {
  return recordsOf(plan(document).dataset).map((one) => {
    const parts = recordsOf(one.distribution);
    const sizes = parts.flatMap(({ byte_size: size }) =>
      typeof size === 'number' && Number.isFinite(size) && size >= 0 ? [Math.round(size)] : [],
    );
    const licences = parts.flatMap((part) => recordsOf(part.license));
    const dates = licences.flatMap((licence) => textOf(licence.start_date) ?? []).sort();
    return {
      title: textOf(one.title) ?? '',
      ...filled({
        description: textOf(one.description),
        bytes: sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0),
        date: day(dates[0] ?? textOf(one.issued)),
        licence: spdxOf(licences.flatMap(({ license_ref: ref }) => textOf(ref) ?? [])[0]),
        access: parts.flatMap(({ data_access: access }) => textOf(access) ?? [])[0],
        personalData: textOf(one.personal_data),
        sensitiveData: textOf(one.sensitive_data),
      }),
      formats: [...new Set(parts.flatMap(({ format }) => textsOf(format)))],
    };
  });
}

/** An answer of a plan that fills a field of the declaration of people, once a person has accepted it. */
export interface PlannedAnswer {
  field: 'human' | 'identifiable' | 'access' | 'ethics';
  /** What belongs in the field: `yes`, `controlled`, or the words of the plan. */
  value: string;
  /** Member of the plan that says it: `personal_data`. */
  member: string;
  /** Title of the data set it is said of; left out where it is said of the whole plan. */
  dataset?: string;
}

/** Longest text about approval that a declaration takes. */
const longestEthics = 2000;

/**
 * What a plan answers of personal and sensitive data, in the fields of the declaration: personal data are of people who can
 * be recognised; such and sensitive data that are not planned to be open are given on request. Answers of “no” and
 * “unknown” fill nothing: they are nobody's declaration yet.
 * @param dataset number of the one data set of the plan that is asked about, from 0; left out, all count
 */
export function declarationOfPlan(document: Json, dataset?: number): PlannedAnswer[] {
  const planned = plannedDatasets(document).filter((_, index) => dataset === undefined || index === dataset);
  const found: PlannedAnswer[] = [];
  const personal = planned.find(({ personalData }) => personalData === 'yes');
  if (personal)
    for (const field of ['human', 'identifiable'] as const)
      found.push({ field, value: 'yes', member: 'personal_data', dataset: personal.title });
  const sensitive = planned.find(({ sensitiveData }) => sensitiveData === 'yes');
  const closed = planned.find((one) => one.personalData === 'yes' && /^(shared|closed)$/.test(one.access ?? ''));
  const reason = sensitive ?? closed;
  if (reason)
    found.push({
      field: 'access',
      value: 'controlled',
      member: sensitive ? 'sensitive_data' : 'data_access',
      dataset: reason.title,
    });
  const { ethical_issues_description: words, ethical_issues_report: report } = plan(document);
  const ethics = [textOf(words), textOf(report)].filter(Boolean).join(' ').slice(0, longestEthics);
  if (personal && ethics !== '') {
    const member = textOf(words) === undefined ? 'ethical_issues_report' : 'ethical_issues_description';
    found.push({ field: 'ethics', value: ethics, member });
  }
  return found;
}

/**
 * For each data set of the plan what was deposited for it: the study that was started for it, or the data set of a study
 * of the whole plan with its title (or file, or the only one left on both sides).
 */
function depositedFor(planned: readonly PlannedDataset[], studies: readonly DepositedStudy[]): PlanRow['deposited'][] {
  const found: PlanRow['deposited'][] = planned.map(() => undefined);
  for (const study of studies.filter(({ dataset }) => dataset !== undefined)) {
    if (study.dataset! >= planned.length) continue;
    const formats = [...new Set(study.datasets.flatMap((one) => one.formats))];
    found[study.dataset!] = { ...placeOf(study), title: study.title, bytes: study.bytes, formats };
  }
  for (const study of studies.filter(({ dataset }) => dataset === undefined)) {
    const open = planned.flatMap((one, index) => (found[index] ? [] : [{ ...one, index }]));
    // A plan of one data set is about all of the study.
    if (planned.length === 1 && open.length === 1) {
      const formats = [...new Set(study.datasets.flatMap((one) => one.formats))];
      found[0] = { ...placeOf(study), title: study.title, bytes: study.bytes, formats };
      continue;
    }
    const ids = matchDatasets(
      open.map(({ title }) => ({ title, files: [] })),
      study.datasets.map(({ id, title, files }) => ({ id, title, files })),
    );
    open.forEach(({ index }, at) => {
      const own = study.datasets.find(({ id }) => id === ids[at]);
      if (own) found[index] = { ...placeOf(study), title: own.title, bytes: own.bytes, formats: own.formats };
    });
  }
  return found;
}

function placeOf({ accession, version, url, doi, releasedOn, licence, access }: DepositedStudy) {
  return { accession, access, ...filled({ version, url, doi, releasedOn, licence }) };
}

/** Planned against deposited, data set by data set. @param today YYYY-MM-DD */
export function comparePlan(document: Json, studies: readonly DepositedStudy[], today: string): PlanRow[] {
  const planned = plannedDatasets(document);
  const found = depositedFor(planned, studies);
  return planned.map((one, index) => {
    const deposited = found[index];
    const differences: PlanRow['differences'] = [];
    if (one.bytes !== undefined && deposited && deposited.bytes > one.bytes) differences.push('volume');
    const open = deposited?.version === undefined ? undefined : deposited.releasedOn;
    if (one.date !== undefined && (open === undefined ? one.date < today : open > one.date)) differences.push('date');
    if (one.licence !== undefined && deposited?.licence !== undefined && deposited.licence !== one.licence)
      differences.push('licence');
    if (one.access === 'open' && deposited?.version !== undefined && deposited.access !== 'open')
      differences.push('access');
    return { planned: one, ...(deposited ? { deposited } : {}), differences };
  });
}

/**
 * The plan as it stands after deposit, to be given back to the tool it came from: everything it said, and for each data
 * set that was published its identifier, day, and a distribution with size, formats, licence and host. Drafts change
 * nothing.
 * @param now ISO 8601, becomes `modified` where something has changed
 */
export function updatedPlan(
  document: Json,
  studies: readonly DepositedStudy[],
  about: { now: string; host: { title: string; url: string } },
): Json {
  const published = studies.filter(({ version }) => version !== undefined);
  const found = depositedFor(plannedDatasets(document), published);
  if (!isRecord(document) || found.every((one) => one === undefined)) return document;
  const root = plan(document);
  const dataset = recordsOf(root.dataset).map((one, index) => {
    const deposited = found[index];
    return deposited ? { ...one, ...datasetAfter(one, deposited, about) } : one;
  });
  return { ...document, dmp: { ...root, modified: about.now, dataset } };
}

function datasetAfter(
  one: JsonRecord,
  deposited: NonNullable<PlanRow['deposited']>,
  { host }: { host: { title: string; url: string } },
): JsonRecord {
  const [first = {}, ...further] = recordsOf(one.distribution);
  const { doi, url, licence, releasedOn } = deposited;
  const licenceUrl = licence === undefined ? undefined : (knownLicence(licence)?.url ?? licence);
  return {
    ...one,
    ...filled<JsonRecord>({
      dataset_id:
        doi === undefined
          ? url === undefined
            ? undefined
            : { identifier: url, type: 'url' }
          : { identifier: `https://doi.org/${doi}`, type: 'doi' },
      issued: releasedOn,
      distribution: [
        {
          ...first,
          ...filled<JsonRecord>({
            title: textOf(first.title) ?? deposited.title,
            data_access: deposited.access,
            access_url: url,
            byte_size: deposited.bytes,
            format: deposited.formats.length > 0 ? deposited.formats : undefined,
            license:
              licenceUrl === undefined || releasedOn === undefined
                ? undefined
                : [{ license_ref: licenceUrl, start_date: releasedOn }],
          }),
          host: { ...(isRecord(first.host) ? first.host : {}), ...host },
        },
        ...further,
      ],
    }),
  };
}
