export * from './citation/citation.ts';
export * from './field.ts';
export * from './licences/licences.ts';
export * from './schema-org/dataset.ts';
export * from './ssbd/archive-fields.ts';
export * from './ssbd/check.ts';
export * from './vocabulary/starter-terms.ts';
