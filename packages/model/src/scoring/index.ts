export * from './assignment.ts';
export * from './cell-tracking-challenge.ts';
export * from './classification.ts';
export * from './label-matching.ts';
export * from './particles.ts';
export * from './segmentation.ts';
