import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measurePage } from './measure-page.ts';

/** Writes `docs/measures.md` from the definitions. */
writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/measures.md'), measurePage());
