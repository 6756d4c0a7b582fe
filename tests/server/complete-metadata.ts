import { archiveFields } from '@micrarium/standards';
import type { FieldValue, StudyMetadata } from '@micrarium/model';

/** Values that satisfy every required field of the archive tier. */
export function completeMetadata(title = 'Cells that move'): StudyMetadata {
  const values: Record<string, FieldValue> = {};
  for (const field of archiveFields) {
    if (field.archive !== 'required') continue;
    values[field.id] = exampleValue(field.type, field.example);
  }
  values['title'] = title;
  return { values, origins: {} };
}

/** A value of a field's type, of its example. */
export function exampleValue(type: (typeof archiveFields)[number]['type'], example: string): FieldValue {
  if (type === 'term-list') return [{ label: example }];
  if (type === 'text-list') return [example];
  if (type === 'email-list') return 'ada@example.org';
  if (type === 'licence') return 'CC0-1.0';
  if (type === 'date') return '2026-11-20';
  if (type === 'contributors') {
    return [
      {
        firstName: 'Ada',
        lastName: 'Example',
        organisation: 'Example',
        role: 'image and quantitative',
        email: 'ada@example.org',
      },
    ];
  }
  return example;
}
