import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatList } from './format-list.ts';

/** Writes `docs/formats/README.md` from the descriptors. */
writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/formats/README.md'), formatList());
