import { describe, expect, test } from 'vitest';
import { findLicence, knownLicence, licences, saysNoLicence, statedLicence } from './licences.ts';
import { furtherLicences } from './further-licences.ts';

describe('what a text says of a licence', () => {
  test.each([
    ['CC BY 4.0', 'CC-BY-4.0'],
    ['cc-by', 'CC-BY-4.0'],
    ['CC_BY_4.0', 'CC-BY-4.0'],
    ['CC-BY 4.0 International', 'CC-BY-4.0'],
    ['CC BY 4.0 license', 'CC-BY-4.0'],
    ['Creative Commons Attribution 4.0 International (CC BY 4.0)', 'CC-BY-4.0'],
    ['Attribution 4.0 International (CC BY 4.0)', 'CC-BY-4.0'],
    ['Creative Commons Attribution v4.0', 'CC-BY-4.0'],
    ['Creative Commons Attribution License', 'CC-BY-4.0'],
    ['CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)', 'CC-BY-4.0'],
    ['https://creativecommons.org/licenses/by/4.0/legalcode.ja', 'CC-BY-4.0'],
    ['http://opensource.org/licenses/mit-license.php', 'MIT'],
    ['http://creativecommons.org/licenses/by/4.0/deed.en', 'CC-BY-4.0'],
    ['https://spdx.org/licenses/CC-BY-4.0.html', 'CC-BY-4.0'],
    ['クリエイティブ・コモンズ 表示 4.0 国際', 'CC-BY-4.0'],
    ['クリエイティブ・コモンズ・ライセンス 表示-非営利-継承 4.0 国際', 'CC-BY-NC-SA-4.0'],
    ['ＣＣ　ＢＹ　４．０', 'CC-BY-4.0'],
    ['Attribution-NonCommercial-NoDerivatives 4.0 International', 'CC-BY-NC-ND-4.0'],
    ['CC BY-SA 3.0 Unported', 'CC-BY-SA-3.0'],
    ['https://creativecommons.org/licenses/by-sa/2.1/jp/', 'CC-BY-SA-2.1-JP'],
    ['Creative Commons Zero v1.0 Universal', 'CC0-1.0'],
    ['CC0', 'CC0-1.0'],
    ['CC-0', 'CC0-1.0'],
    ['CC0 1.0 Universal (CC0 1.0) Public Domain Dedication', 'CC0-1.0'],
    ['CC0 1.0 全世界 パブリック・ドメイン提供', 'CC0-1.0'],
    ['odc-by-1.0', 'ODC-By-1.0'],
    ['The MIT License', 'MIT'],
    ['https://www.apache.org/licenses/LICENSE-2.0.txt', 'Apache-2.0'],
    ['Apache License, Version 2.0', 'Apache-2.0'],
  ])('%s', (text, spdx) => {
    expect(findLicence(text)?.spdx).toBe(spdx);
  });

  test.each([
    'Data may be used by members of the consortium',
    'CC BY 4.0, except for Figure 3',
    'CC BY 4.0 or CC0',
    'CC BY-SA-ND 4.0',
    'CC BY 9.9',
    'Attribution to be discussed',
    'GPL',
    '',
    '非営利',
  ])('%s is taken for no listed licence', (text) => {
    expect(findLicence(text)).toBeUndefined();
  });

  test('every licence is found by its identifier, name and address', () => {
    for (const one of [...licences, ...furtherLicences])
      for (const text of [one.spdx, one.spdx.toLowerCase(), one.name, one.url, one.url.replace('https:', 'http:')])
        expect([text, findLicence(text)?.spdx]).toEqual([text, one.spdx]);
    expect(new Set([...licences, ...furtherLicences].map(({ spdx }) => spdx)).size).toBe(
      licences.length + furtherLicences.length,
    );
    expect(knownLicence('CC-BY-SA-2.1-JP')?.url).toBe('https://creativecommons.org/licenses/by-sa/2.1/jp/');
  });

  test('any other text is stated as it is', () => {
    expect(statedLicence('Terms of the Example Bank')).toEqual({ name: 'Terms of the Example Bank' });
    expect(statedLicence('https://example.org/terms')).toEqual({
      name: 'https://example.org/terms',
      url: 'https://example.org/terms',
    });
    expect(['TBD', 'n/a', 'pending', '未定', '?'].map(saysNoLicence)).toEqual([true, true, true, true, true]);
    expect(saysNoLicence('Terms of the Example Bank')).toBe(false);
  });
});
