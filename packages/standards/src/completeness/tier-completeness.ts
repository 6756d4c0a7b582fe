import type { Dataset, FieldValue } from '@micrarium/model';
import { type GivenValue, heldValue } from '../fields/given-values.ts';
import { metadataFields } from '../fields/metadata-fields.ts';
import { givenFields, type MetadataTier, valueKey } from '../fields/tiers.ts';
import type { Completeness, CompletenessItem } from './completeness.ts';

const isThere = (value: FieldValue | undefined) =>
  value !== undefined && value.length > 0 && !(typeof value === 'string' && value.trim() === '');

/**
 * How far a study is by a tier, field by field as its form asks them; in the database tier each field of data sets
 * counts once, and is there when every data set has it. Fields the archive itself gives count as there.
 */
export function tierCompleteness(
  tier: MetadataTier,
  values: Readonly<Record<string, FieldValue>>,
  datasets: readonly Pick<Dataset, 'id' | 'title'>[],
  given: Readonly<Record<string, GivenValue>>,
): Completeness {
  const items = metadataFields
    .filter((field) => field[tier] === 'required' || field[tier] === 'recommended')
    .map((field): CompletenessItem => {
      const asked = tier === 'database' && field.level === 'dataset' && datasets.length > 0 ? datasets : [undefined];
      const isGiven = givenFields.has(field.id) && (field.level === 'study' || datasets.length > 0);
      const lacking = isGiven
        ? []
        : asked
            .filter((dataset) => !isThere(heldValue(values, given, field.id, dataset?.id)))
            .map((dataset) => valueKey(field.id, dataset?.id));
      return {
        label: field.label.en,
        labels: field.label,
        obligation: field[tier] as 'required' | 'recommended',
        isThere: lacking.length === 0,
        places: [field.place],
        field: lacking[0] ?? field.id,
        ...(asked.length > 1 && lacking.length > 0 ? { lacking: lacking.length, asked: asked.length } : {}),
      };
    });
  const required = items.filter(({ obligation }) => obligation === 'required');
  return {
    profile: tier,
    name: tier === 'archive' ? 'Archive tier' : 'Database tier',
    items,
    done: required.filter((item) => item.isThere).length,
    required: required.length,
  };
}
