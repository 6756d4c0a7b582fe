export * from './blobs-on-disk.ts';
export * from './derived-on-disk.ts';
export * from './file-source.ts';
export { ArchiveConflict } from './ocfl/archive-conflict.ts';
export * from './ocfl/archive-on-disk.ts';
export * from './ocfl/findings.ts';
export * from './ocfl/validate.ts';
export * from './open-storage.ts';
export * from './uploads-on-disk.ts';
