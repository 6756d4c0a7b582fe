export * from './columns.ts';
export * from './image.ts';
export * from './issue.ts';
export * from './track-graph.ts';
export * from './track-set.ts';
export * from './units.ts';
export * from './datasets.ts';
export * from './study.ts';
