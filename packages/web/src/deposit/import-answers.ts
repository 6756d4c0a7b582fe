import type { CallInput } from '@micrarium/api';
import { api, routes } from '../app/api.ts';

/** Where files are brought from, as the server takes it. */
export type NamedSource = CallInput<typeof routes.listImport>['body'];
/** What a source offers. */
export type Listing = Awaited<ReturnType<typeof listSource>>;
/** An import that runs, or ran last. */
export type ImportRun = NonNullable<Awaited<ReturnType<typeof lookAtImport>>['run']>;
/** Files that are chosen. */
export type Chosen = CallInput<typeof routes.startImport>['body']['files'];

/** How far the import of a draft is. @throws ApiError */
export const lookAtImport = (draft: string) => api.call(routes.getImport, { params: { draft } });

/** Lists a source for a draft. @throws ApiError */
export const listSource = (draft: string, source: NamedSource) =>
  api.call(routes.listImport, { params: { draft }, body: source });

/** Begins to bring files. @throws ApiError */
export const startImport = (draft: string, source: NamedSource, files: Chosen) =>
  api.call(routes.startImport, { params: { draft }, body: { source, files } });
