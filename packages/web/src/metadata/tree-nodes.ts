import type { Issue, StudyMetadata } from '@micrarium/model';
import {
  type MetadataTier,
  datasetFields,
  furtherMetadataFields,
  type GivenValue,
  heldValue,
  isPerDataset,
  metadataFields,
  splitValueKey,
  studyFields,
  valueKey,
} from '@micrarium/standards';

/** What a study and each of its data sets are described by, as the study graph has it. */
export const treeParts = ['biosamples', 'specimens', 'acquisitions'] as const;

/** A part of the tree. */
export type TreePart = (typeof treeParts)[number];

/** A part of a study or data set: what is told of it, and the field it leads to. */
export interface PartNode {
  part: TreePart;
  /** Values that hold for it, most telling first; empty where nothing is told. */
  told: string[];
  /** Key of the field to go to: the first that is empty and required, else the first of the part. */
  field: string;
}

const places: Readonly<Record<TreePart, string>> = {
  biosamples: 'biosamples[]',
  specimens: 'specimens[]',
  acquisitions: 'acquisitions[]',
};

/** Fields of a part that the form of the tier shows, of the study or of each data set. */
function fieldsOfPart(part: TreePart, tier: MetadataTier, isOfDataset: boolean) {
  const shown = new Set(
    (isOfDataset
      ? [...datasetFields(), ...furtherMetadataFields().filter(isPerDataset)]
      : [...studyFields(tier), ...furtherMetadataFields()]
    ).map(({ id }) => id),
  );
  return metadataFields.filter(({ id, place }) => place.startsWith(places[part]) && shown.has(id));
}

/**
 * The parts of a study, or of one of its data sets, with what holds for them.
 * @param dataset left out for the whole study
 */
export function partNodes(
  values: StudyMetadata['values'],
  given: Readonly<Record<string, GivenValue>>,
  tier: MetadataTier,
  dataset?: string,
): PartNode[] {
  return treeParts.flatMap((part): PartNode[] => {
    const fields = fieldsOfPart(part, tier, dataset !== undefined);
    const [first] = fields;
    if (!first) return [];
    const told: string[] = [];
    let missing: string | undefined;
    for (const field of fields) {
      const value = heldValue(values, given, field.id, dataset) ?? '';
      const texts = (typeof value === 'string' ? [value] : value).flatMap((one): string[] =>
        typeof one === 'string' ? [one] : 'label' in one ? [one.label] : [],
      );
      const filled = texts.filter((one) => one.trim() !== '');
      told.push(...filled);
      if (filled.length === 0 && field[tier] === 'required') missing ??= field.id;
    }
    return [{ part, told, field: valueKey(missing ?? first.id, dataset) }];
  });
}

/** Data sets that an error of the form is of. */
export function datasetsInError(issues: readonly Issue[]): Set<string> {
  const found = new Set<string>();
  for (const { severity, where } of issues) {
    if (severity !== 'error' || where.field === undefined) continue;
    const { dataset } = splitValueKey(where.field);
    if (dataset !== undefined) found.add(dataset);
  }
  return found;
}
