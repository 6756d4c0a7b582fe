import type { OpenServices } from '../start/services.ts';

/** Takes up every kind of job. */
export async function workOnJobs(_services: OpenServices, _concurrency: number): Promise<void> {}
