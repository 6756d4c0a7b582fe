import type { Benchmark } from './figure.ts';
import { objectsMeasured } from './figures-of-analysis.ts';
import { catalogueAsked } from './figures-of-catalogue.ts';
import { filesRead } from './figures-of-files.ts';
import { largeThings } from './figures-of-large.ts';

/** All benchmarks, in the order of the page. */
export const benchmarks: readonly Benchmark[] = [...filesRead, ...catalogueAsked, ...objectsMeasured, ...largeThings];
