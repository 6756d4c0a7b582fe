import { expect, test } from 'vitest';
import { archiveFields } from '../ssbd/archive-fields.ts';
import { furtherFields } from './further-fields.ts';
import { metadataFields, metadataFieldsPage, metadataJsonSchema } from './metadata-fields.ts';

const count = (tier: 'archive' | 'database', obligation: string) =>
  metadataFields.filter((field) => field[tier] === obligation).length;

test('the archive tier has 11 required, 3 recommended and 15 optional fields', () => {
  expect(['required', 'recommended', 'optional'].map((one) => count('archive', one))).toEqual([11, 3, 15]);
  expect(archiveFields).toHaveLength(29);
});

test('the database tier has 33 required and 14 optional fields', () => {
  expect(['required', 'recommended', 'optional'].map((one) => count('database', one))).toEqual([33, 0, 14]);
});

test('each field has one id, a place in the study graph and help in both languages', () => {
  expect(new Set(metadataFields.map(({ id }) => id)).size).toBe(metadataFields.length);
  for (const { id, place, label, help, example } of metadataFields) {
    expect([
      id,
      /^(study|contributors|organisations|publications|links|biosamples|specimens|acquisitions|analyses|datasets|images|files)\b/.test(
        place,
      ),
    ]).toEqual([id, true]);
    expect([label.en, label.ja, help.en, help.ja, example].every((text) => text.trim() !== '')).toBe(true);
  }
});

test('the schema and the page are made of the table', () => {
  const schema = metadataJsonSchema('database') as { required: string[]; properties: object };
  expect(schema.required).toHaveLength(33);
  expect(Object.keys(schema.properties)).toHaveLength(47 + furtherFields.length);
  for (const { id } of metadataFields) expect(metadataFieldsPage()).toContain(`\`${id}\``);
});
