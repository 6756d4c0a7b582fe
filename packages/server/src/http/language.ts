/** Which language a request wants: what its address says, then the cookie, then `Accept-Language`. */
export function languageOf(headers: Headers, asked: string | null | undefined): 'en' | 'ja' {
  const chosen = asked ?? /(?:^|;\s*)micrarium\.language=(en|ja)/.exec(headers.get('cookie') ?? '')?.[1];
  if (chosen === 'en' || chosen === 'ja') return chosen;
  const ranked = (headers.get('accept-language') ?? '')
    .split(',')
    .map((one) => {
      const [tag = '', ...parameters] = one.trim().toLowerCase().split(';');
      const quality = Number(/q=([\d.]+)/.exec(parameters.join(';'))?.[1] ?? 1);
      return { language: tag.split('-')[0], quality };
    })
    .filter(({ language }) => language === 'en' || language === 'ja')
    .sort((a, b) => b.quality - a.quality);
  return ranked[0]?.language === 'ja' ? 'ja' : 'en';
}
