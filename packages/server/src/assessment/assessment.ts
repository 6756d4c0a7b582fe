import type { Language, Translate } from '@micrarium/api';
import { dayText, sizeText } from '../http/landing/landing-data.ts';
import type { OperatorAnswer } from './answers.ts';
import { factKinds, type FactId, type Facts, type FactValue } from './facts.ts';
import { requirements } from './requirements.ts';

/** A fact as it is shown. */
export interface ShownFact {
  id: FactId;
  label: string;
  value: FactValue;
  written: string;
  /** Page of this site that shows it. */
  link?: string;
}

/** A requirement with everything that is answered to it. */
export interface AnsweredRequirement extends OperatorAnswer {
  id: string;
  title: string;
  asks: string;
  facts: ShownFact[];
  changedAt: string | null;
}

const links: Partial<Record<FactId, string>> = {
  studies: '/search',
  licences: '/search',
  formatsPreferred: '/formats?level=preferred',
  formatsAccepted: '/formats?level=accepted',
  formatsBits: '/formats?level=bits',
  verified: '/integrity',
  damaged: '/integrity',
  oldestCheck: '/integrity',
  views: '/statistics',
  downloads: '/statistics',
  vocabularies: '/terms',
  interface: '/api',
  harvest: '/oai?verb=Identify',
  auditHead: '/api/v1/audit/head',
};

/** Facts that are counted in the background. */
const countedLater: ReadonlySet<FactId> = new Set<FactId>(['itemsPreferred', 'itemsAccepted', 'itemsBits', 'atRisk']);

/** A value in the words of a language. */
export function writtenFact(id: FactId, value: FactValue, language: Language, text: Translate): string {
  if (value === null) return text(countedLater.has(id) ? 'assess.counting' : 'assess.none');
  if (value === '') return text('assess.none');
  if (typeof value === 'boolean') return text(value ? 'assess.yes' : 'assess.no');
  if (typeof value === 'number')
    return factKinds[id] === 'bytes' ? sizeText(value, language) : new Intl.NumberFormat(language).format(value);
  return factKinds[id] === 'day' ? dayText(value, language) : value;
}

/** Every requirement with its facts and the operator's answer, in the words of a language. */
export function answeredRequirements(
  facts: Facts,
  answers: ReadonlyMap<string, OperatorAnswer & { changedAt: string }>,
  language: Language,
  text: Translate,
): AnsweredRequirement[] {
  return requirements.map(({ id, facts: asked }) => {
    const answer = answers.get(id);
    return {
      id,
      title: text(`assess.${id}.title`),
      asks: text(`assess.${id}.asks`),
      facts: asked.map((fact) => {
        const link = links[fact];
        return {
          id: fact,
          label: text(`assess.fact.${fact}`),
          value: facts[fact],
          written: writtenFact(fact, facts[fact], language, text),
          ...(link === undefined ? {} : { link }),
        };
      }),
      text: answer?.text ?? '',
      rating: answer?.rating ?? null,
      changedAt: answer?.changedAt ?? null,
    };
  });
}

/** Text on one line of Markdown, nothing in it read as a mark. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s+/g, ' ');

/**
 * The self-assessment as Markdown, for the form of the certificate. Answers of the operator stand as they were written.
 * @param origin address of this site, put before its links
 */
export function assessmentMarkdown(
  answered: readonly AnsweredRequirement[],
  { at, origin, language, text }: { at: string; origin: string; language: Language; text: Translate },
): string {
  const lines = [`# ${text('assess.title')}`, '', text('assess.at', { date: dayText(at, language), origin })];
  for (const { id, title, asks, facts, text: said, rating } of answered) {
    lines.push('', `## ${id} ${title}`, '', asks, '');
    lines.push(`**${text('assess.rating')}**: ${text(rating === null ? 'assess.unrated' : `assess.${rating}`)}`, '');
    for (const { label, written, link } of facts)
      lines.push(`- ${plain(label)}: ${link === undefined ? plain(written) : `[${plain(written)}](${origin}${link})`}`);
    lines.push('', said.trim() === '' ? `*${text('assess.unanswered')}*` : said.trim());
  }
  return `${lines.join('\n')}\n`;
}
