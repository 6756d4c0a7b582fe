import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findCatalogues, issuePage } from './issue-catalogues.ts';

/** Writes `docs/issues.md` from the catalogues found in the sources. */
writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/issues.md'), issuePage(await findCatalogues()));
