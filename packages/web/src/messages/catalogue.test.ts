import { describe, expect, it } from 'vitest';
import { adminEn } from './en-admin.ts';
import { challengeEn } from './en-challenge.ts';
import { additionsEn } from './en-additions.ts';
import { collectionsEn } from './en-collections.ts';
import { communitiesEn } from './en-communities.ts';
import { depositEn } from './en-deposit.ts';
import { exploreEn } from './en-explore.ts';
import { figuresEn } from './en-figures.ts';
import { filmEn } from './en-film.ts';
import { galleryEn } from './en-gallery.ts';
import { importEn } from './en-import.ts';
import { insideEn } from './en-inside.ts';
import { lifeEn } from './en-life.ts';
import { measuresEn } from './en-measures.ts';
import { metadataEn } from './en-metadata.ts';
import { plansEn } from './en-plans.ts';
import { quotaEn } from './en-quota.ts';
import { accountEn } from './en-account.ts';
import { webhooksEn } from './en-webhooks.ts';
import { readersEn } from './en-readers.ts';
import { registerEn } from './en-register.ts';
import { referencesEn } from './en-references.ts';
import { searchEn } from './en-search.ts';
import { sqlEn } from './en-sql.ts';
import { spaceEn } from './en-space.ts';
import { noticesEn } from './en-notices.ts';
import { termsEn } from './en-terms.ts';
import { transferEn } from './en-transfer.ts';
import { viewerEn } from './en-viewer.ts';
import { volumeEn } from './en-volume.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { fillMessage } from './text.ts';

const sources = import.meta.glob('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const files = Object.keys(sources).filter((path) => path.endsWith('.tsx'));
const read = (path: string) => sources[path] ?? '';
const placeholders = (message: string) => [...new Set(message.match(/\{\{\w+\}\}/g) ?? [])].sort();

describe('the message catalogue', () => {
  it('has the same keys, and the same values to fill in, in both languages', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
    for (const [key, message] of Object.entries(en)) {
      expect(ja[key as keyof typeof en].trim(), key).not.toBe('');
      const either = placeholders(message).filter((name) => name !== '{{n}}');
      expect(
        placeholders(ja[key as keyof typeof en]).filter((name) => name !== '{{n}}'),
        key,
      ).toEqual(either);
    }
  });

  it('is given every value that a text has a place for; numbers come as `count`', () => {
    const messages: Readonly<Record<string, string | undefined>> = en;
    const lacking = files.flatMap((path) =>
      [...read(path).matchAll(/text\(\s*'([\w.-]+)',\s*\{([^{}]*)\}/g)].flatMap(([, key = '', values = '']) => {
        const message = messages[`${key}_other`] ?? messages[key] ?? '';
        const isGiven = (name: string) =>
          values.includes('...') || new RegExp(`\\b${name === 'n' ? 'count' : name}\\b`).test(values);
        return placeholders(message)
          .filter((name) => !isGiven(name.slice(2, -2)))
          .map((name) => `${path} ${key} ${name}`);
      }),
    );
    expect(lacking).toEqual([]);
  });

  it('has no key that nobody uses', () => {
    const all = Object.entries(sources)
      .filter(([path]) => !/\/(en|ja)[\w-]*\.ts$/.test(path))
      .map(([, code]) => code)
      .join('\n');
    const unused = Object.keys(en)
      .map((key) => key.replace(/_(one|other)$/, ''))
      .filter((key) => !all.includes(`'${key}'`) && !all.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`));
    expect(unused).toEqual([]);
  });

  it('has every text in the part that the page using it loads', () => {
    const parts: Readonly<Record<string, { keys: object; folders: RegExp }>> = {
      admin: { keys: adminEn, folders: /^\.\.\/(admin|account)\// },
      life: { keys: lifeEn, folders: /^\.\.\/(life|admin|deposit|drafts)\// },
      challenge: { keys: challengeEn, folders: /^\.\.\/challenge\// },
      additions: { keys: additionsEn, folders: /^\.\.\/additions\// },
      collections: { keys: collectionsEn, folders: /^\.\.\/collections\// },
      communities: { keys: communitiesEn, folders: /^\.\.\/communities\// },
      deposit: { keys: depositEn, folders: /^\.\.\/(deposit|metadata)\// },
      references: { keys: referencesEn, folders: /^\.\.\/deposit\// },
      figures: { keys: figuresEn, folders: /^\.\.\/deposit\// },
      explore: { keys: exploreEn, folders: /^\.\.\/(explore|measures)\// },
      film: { keys: filmEn, folders: /^\.\.\/film\// },
      import: { keys: importEn, folders: /^\.\.\/deposit\// },
      inside: { keys: insideEn, folders: /^\.\.\/(inside|deposit)\// },
      metadata: { keys: metadataEn, folders: /^\.\.\/(metadata|deposit)\// },
      sql: { keys: sqlEn, folders: /^\.\.\/(sql|explore)\// },
      quota: { keys: quotaEn, folders: /^\.\.\/quota\// },
      account: { keys: accountEn, folders: /^\.\.\/account\// },
      webhooks: { keys: webhooksEn, folders: /^\.\.\/webhooks\// },
      readers: { keys: readersEn, folders: /^\.\.\/readers\// },
      register: { keys: registerEn, folders: /^\.\.\/register\// },
      search: { keys: searchEn, folders: /^\.\.\/search\// },
      plans: { keys: plansEn, folders: /^\.\.\/(plans|deposit)\// },
      space: { keys: spaceEn, folders: /^\.\.\/space\// },
      terms: { keys: termsEn, folders: /^\.\.\/(terms|metadata|deposit)\// },
      transfer: { keys: transferEn, folders: /^\.\.\/transfer\// },
      volume: { keys: volumeEn, folders: /^\.\.\/viewer\// },
      viewer: { keys: viewerEn, folders: /^\.\.\/(viewer|compare|embed|measures|plots|space)\// },
      notices: { keys: noticesEn, folders: /^\.\.\/notices\// },
      measures: { keys: measuresEn, folders: /^\.\.\/measures\// },
      gallery: { keys: galleryEn, folders: /^\.\.\/(gallery|plate|compare|embed|viewer)\// },
    };
    const misplaced = Object.entries(parts).flatMap(([part, { keys, folders }]) =>
      Object.keys(keys).flatMap((key) =>
        Object.entries(sources)
          .filter(
            ([path, code]) =>
              !path.startsWith('./') && !folders.test(path) && code.includes(`'${key.replace(/_(one|other)$/, '')}'`),
          )
          .map(([path]) => `${key} of ${part} in ${path}`),
      ),
    );
    expect(misplaced).toEqual([]);
  });

  it('chooses plural forms by language and writes numbers in its way', () => {
    expect(fillMessage(en, 'en', 'home.all', { count: 1 })).toBe('The one study');
    expect(fillMessage(en, 'en', 'home.all', { count: 12_412 })).toBe('All 12,412 studies');
    expect(fillMessage(ja, 'ja', 'home.all', { count: 1 })).toBe('1 件の研究をすべて見る');
  });
});

describe('pages', () => {
  // Names and signs that are the same in every language.
  const untranslated = /^(Micrarium|API|CSV|日本語|English|ORCID|[^\p{L}]*)$/u;

  it.each(files)('%s has no text outside the catalogue', (path) => {
    const code = read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    // Text between tags, starting on the line of the tag or on its own.
    const between = [...code.matchAll(/<\/?[\w.]+(?:\s[^<>{}]*)?>\s*([^<>{}=;()]*[\p{L}][^<>{}=;()]*)<\/?\w/gu)].map(
      (m) => m[1]!,
    );
    const attributes = [...code.matchAll(/\b(?:aria-label|title|placeholder|alt|label)="([^"]+)"/g)].map((m) => m[1]!);
    const braces = [...code.matchAll(/>\s*\{'([^']*)'\}/g)].map((m) => m[1]!);
    const found = [...between, ...attributes, ...braces]
      .map((one) => one.trim())
      .filter((one) => !untranslated.test(one));
    expect(found).toEqual([]);
  });
});
