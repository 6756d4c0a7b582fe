export * from './audit.ts';
export * from './backup.ts';
export * from './dois.ts';
export * from './fixity.ts';
export * from './rebuild.ts';
export * from './restore.ts';
export * from './usage.ts';
export * from './vocabulary.ts';
