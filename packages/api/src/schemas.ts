// What requests and answers look like, by what they are about; what only one room of routes needs lies beside its routes.
export * from './account-schemas.ts';
export * from './draft-schemas.ts';
export * from './item-schemas.ts';
export * from './problem-schemas.ts';
export * from './service-schemas.ts';
export * from './study-schemas.ts';
