/** What the words of a Creative Commons licence stand for, in English and Japanese. */
const elements: readonly (readonly [element: string, words: RegExp])[] = [
  ['nc', /non[\s-]*commercial|非営利|\bnc\b/g],
  ['sa', /share[\s-]*alike|継承|\bsa\b/g],
  ['nd', /no[\s-]*deriv(?:ative)?s?(?: works)?|改変禁止|\bnd\b/g],
  ['by', /attribution|表示|\bby\b/g],
];
const zero =
  /\bcc\s*-?(?:0|zero\b)|creative commons[\s-]*(?:zero|0)|クリエイティブ・?コモンズ[\s・-]*(?:ゼロ|0)|\bcc\b[\s-]*ø/g;
/** Words that go with the name of a licence and change nothing. */
const further =
  /creative\s*commons|クリエイティブ・?コモンズ|・?ライセンス|全世界|国際|パブリック・?ドメイン(?:提供|宣言)?|public domain(?: dedication)?|international|unported|generic|universal|public|licen[cs]ed?|deed|legal ?code|copyright|under|terms|the|of|and|version|ver|(?<![a-z])v(?=[\s.]*\d)|\bcc/g;

/**
 * The SPDX identifier that the name of a Creative Commons licence stands for, written out or in short, in English or
 * Japanese: "Creative Commons Attribution-NonCommercial 4.0 International (CC BY-NC 4.0)", "クリエイティブ・コモンズ 表示
 * 4.0 国際". Without a version the current one is meant. `undefined` where the text is not the name of one, or says more
 * than that: what a sentence adds may change what it means.
 */
export function creativeCommonsId(text: string): string | undefined {
  let rest = ` ${text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+?(?=[)\s]|$)/g, ' ')
    .replace(/_/g, ' ')
    .replace(/\bv(?:er(?:sion)?)?\.?\s*(?=\d\.\d)/g, ' ')} `;
  if (rest.length > 300) return undefined;
  const isZero = zero.test(rest);
  zero.lastIndex = 0;
  const isNamed =
    isZero || /\bcc\b|\bcc[\s-]*by|creative\s*commons|クリエイティブ|^\s*attribution\b|^\s*表示/.test(rest);
  if (!isNamed) return undefined;
  rest = rest
    .replace(/\bcc[\s-]*by/g, ' cc by ')
    .replace(/\bccby/g, ' cc by ')
    .replaceAll(zero, ' ');
  const versions = new Set([...rest.matchAll(/(?<![\d.])(\d\.\d)(?![\d.])/g)].map(([, version]) => version!));
  rest = rest.replace(/(?<![\d.])\d\.\d(?![\d.])/g, ' ');
  const said = new Set<string>();
  for (const [element, words] of elements)
    rest = rest.replace(words, () => {
      said.add(element);
      return ' ';
    });
  // What is left says something else.
  if (/[\p{L}\p{N}]/u.test(rest.replace(further, ' '))) return undefined;
  if (versions.size > 1 || isZero === said.has('by') || (isZero && said.size > 0)) return undefined;
  if (said.has('nd') && said.has('sa')) return undefined;
  if (isZero) return [...versions].every((version) => version === '1.0') ? 'CC0-1.0' : undefined;
  const kinds = ['by', 'nc', 'nd', 'sa']
    .filter((kind) => said.has(kind))
    .join('-')
    .toUpperCase();
  return `CC-${kinds}-${[...versions][0] ?? '4.0'}`;
}
