// What tests of adapters and of use cases share: the suites every port's implementation must pass, and adapters in memory that pass them.
export * from './memory/memory-archive.ts';
export * from './memory/memory-blobs.ts';
export * from './memory/memory-derived.ts';
export * from './memory/memory-jobs.ts';
export * from './memory/memory-studies.ts';
export * from './memory/memory-uploads.ts';
export * from './ports/archive-store-suite.ts';
export * from './ports/blob-store-suite.ts';
export * from './ports/derived-store-suite.ts';
export * from './ports/suite-case.ts';
export * from './ports/upload-area-suite.ts';
export * from './memory/workbench.ts';
