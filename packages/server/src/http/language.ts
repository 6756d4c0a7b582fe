import type { HttpContext } from './context.ts';

/** Which language a request wants: `?lang`, then the cookie, then `Accept-Language`. */
export function languageOf(c: HttpContext): 'en' | 'ja' {
  const asked = c.req.query('lang') ?? /(?:^|;\s*)micrarium\.language=(en|ja)/.exec(c.req.header('cookie') ?? '')?.[1];
  if (asked === 'en' || asked === 'ja') return asked;
  const ranked = (c.req.header('accept-language') ?? '')
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
