import { type Language, translator } from '@micrarium/api';
import type { UsageSum } from '../usage/usage-report.ts';

/** Name of a country in the language of the page. @param code ISO 3166-1, two letters */
export function countryName(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
  } catch {
    // Codes that registries give out beside the standard's.
    return code;
  }
}

/** Width of a text in the badge's font, about, in pixels: letters of East Asia are twice as wide. */
const widthOf = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12 : 6.6), 0);
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A small picture that says how much a study is used, for pages elsewhere: people and programs together. */
export function usageBadge(sum: UsageSum, language: Language): string {
  const text = translator(language);
  const number = new Intl.NumberFormat(language);
  const name = 'Micrarium';
  const figures = text('usage.sum', {
    views: number.format(sum.views + sum.machineViews),
    downloads: number.format(sum.downloads + sum.machineDownloads),
  });
  const [left, right] = [widthOf(name) + 14, widthOf(figures) + 14].map(Math.ceil) as [number, number];
  const label = escaped(`${name}: ${figures}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}"><title>${label}</title><rect width="${left + right}" height="20" rx="3" fill="#14504b"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="#eef3f2"/><g font-family="Verdana, 'Noto Sans CJK JP', sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14" fill="#fff">${name}</text><text x="${left + right / 2}" y="14" fill="#17211f">${escaped(figures)}</text></g></svg>\n`;
}
