import type { Contributor, Dataset, FieldValue } from '@micrarium/model';
import { metadataFieldById, splitValueKey } from '../fields/tiers.ts';

type Values = Readonly<Record<string, FieldValue>>;

const textAt = (values: Values, id: string): string => {
  const value = values[id];
  return typeof value === 'string' ? value.trim() : '';
};
const isFilled = (value: FieldValue | undefined): value is FieldValue =>
  value !== undefined && value.length > 0 && !(typeof value === 'string' && value.trim() === '');

/** Said of each data set alone: what another one has is no start for it. */
const ofOneOnly: ReadonlySet<string> = new Set([
  'datasetTitle',
  'datasetDescription',
  'localId',
  'file',
  'kind',
  'sampleId',
]);

/**
 * A start for a field that is asked for and empty, where what else the study says makes one certain: what all other data sets
 * that say it agree on; the contact out of the only contributor (or the one of that name) and the reverse; for the method
 * summary a pointer to the paper. `undefined` where nothing is certain.
 * @param key the field's id, or the key of a value of one data set
 */
export function offeredStart(
  key: string,
  values: Values,
  datasets: readonly Pick<Dataset, 'id'>[],
): FieldValue | undefined {
  if (isFilled(values[key]) || metadataFieldById(key) === undefined) return undefined;
  const { field, dataset } = splitValueKey(key);
  const agreed = ofOneOnly.has(field) ? undefined : agreedOn(field, dataset, values, datasets);
  if (agreed !== undefined || dataset !== undefined) return agreed;
  if (field === 'contributors') return contactAsContributor(values);
  if (field.startsWith('contact')) return ofContact(field, values);
  const doi = textAt(values, 'paperDoi');
  return field === 'methodSummary' && /^10\.\d{4,9}\/\S+$/.test(doi) ? `See https://doi.org/${doi}` : undefined;
}

/** The one value that all data sets have which have one of their own. */
function agreedOn(
  field: string,
  dataset: string | undefined,
  values: Values,
  datasets: readonly Pick<Dataset, 'id'>[],
): FieldValue | undefined {
  const said = datasets.flatMap(({ id }) => {
    const value = id === dataset ? undefined : values[`${field}@${id}`];
    return isFilled(value) ? [value] : [];
  });
  const [first] = said;
  if (first === undefined) return undefined;
  const text = JSON.stringify(first);
  return said.every((one) => JSON.stringify(one) === text) ? first : undefined;
}

const partOf: Readonly<Record<string, keyof Contributor>> = {
  contactFirstName: 'firstName',
  contactLastName: 'lastName',
  contactOrganisation: 'organisation',
  contactEmail: 'email',
  contactOrcid: 'orcid',
  contactLaboratory: 'laboratory',
  contactDepartment: 'department',
};

function ofContact(field: string, values: Values): string | undefined {
  const part = partOf[field];
  const listed: readonly unknown[] = Array.isArray(values.contributors) ? values.contributors : [];
  const people = listed.filter(
    (one): one is Contributor => typeof one === 'object' && one !== null && 'lastName' in one,
  );
  const first = textAt(values, 'contactFirstName');
  const last = textAt(values, 'contactLastName');
  // A name that is there decides who is meant.
  const meant = people.filter(
    (one) => (first === '' || one.firstName.trim() === first) && (last === '' || one.lastName.trim() === last),
  );
  if (part === undefined || meant.length !== 1) return undefined;
  const value = meant[0]![part];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function contactAsContributor(values: Values): Contributor[] | undefined {
  const [firstName, lastName, organisation] = ['contactFirstName', 'contactLastName', 'contactOrganisation'].map((id) =>
    textAt(values, id),
  ) as [string, string, string];
  return firstName === '' || lastName === '' || organisation === ''
    ? undefined
    : [{ firstName, lastName, organisation, role: 'image and quantitative' }];
}
