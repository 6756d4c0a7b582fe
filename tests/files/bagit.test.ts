import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolder } from '@micrarium/formats/node';
import { checkBag } from '@micrarium/repository';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data/preservation/bagit/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no bags at ${folder}`);
const bags = present
  ? ['v0.97', 'v1.0'].flatMap((version) =>
      readdirSync(join(folder, version)).flatMap((kind) =>
        readdirSync(join(folder, version, kind)).map((bag) => ({ kind, path: join(version, kind, bag) })),
      ),
    )
  : [];

describe.runIf(present)('BagIt conformance suite of the Library of Congress', () => {
  it.each(bags)('$path is judged right', async ({ kind, path }) => {
    const { state, issues } = await checkBag(await openFolder(join(folder, path)));
    const shown = { state, issues: issues.map(({ code, message }) => `${code}: ${message}`) };
    if (kind === 'valid') expect(shown).toMatchObject({ state: path.endsWith('holey-bag') ? 'incomplete' : 'valid' });
    else if (kind === 'warning') {
      expect(shown).toMatchObject({ state: 'valid' });
      expect(issues.length).toBeGreaterThan(0);
    } else expect(shown).toMatchObject({ state: 'invalid' });
  });
});
