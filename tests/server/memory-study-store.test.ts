import { MemoryStudies } from '@micrarium/repository/testing';
import { describe } from 'vitest';
import { testStudyStore } from './study-store-suite.ts';

// Use cases are tested over this store, so it must answer as the database does.
describe('studies in memory', () => testStudyStore(async () => new MemoryStudies()));
