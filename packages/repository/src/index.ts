export * from './ports/archive-store.ts';
export * from './ports/blob-store.ts';
export * from './ports/derived-store.ts';
export * from './ports/job-queue.ts';
export * from './ports/study-store.ts';
export * from './ports/upload-area.ts';
export * from './permissions.ts';
