export * from './definitions.ts';
export * from './hull.ts';
export * from './msd.ts';
export * from './path-measures.ts';
export * from './paths.ts';
export * from './statistics.ts';
