import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { metadataFieldsPage } from '@micrarium/standards';

writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/metadata-fields.md'), metadataFieldsPage());
