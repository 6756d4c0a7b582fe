import { routes, translator } from '@micrarium/api';
import { formatRegister, formatRegisterCsv } from '@micrarium/formats';
import { can, demand } from '@micrarium/repository';
import { keepAnswer, operatorAnswers } from '../assessment/answers.ts';
import { answeredRequirements, assessmentMarkdown } from '../assessment/assessment.ts';
import { type Facts, type FormatCount, formatCensus, gatherFacts } from '../assessment/facts.ts';
import { requirements } from '../assessment/requirements.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import type { Kernel, Services } from './kernel.ts';
import { languageOf } from './language.ts';
import { Problem } from './problems.ts';
import { Remembered } from './remembered.ts';
import { mounted, originOf } from './route.ts';

const cached = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };
/** Items by format are counted again after this long: it reads the whole catalogue. */
const censusMilliseconds = 10 * 60_000;
/** Everybody who asks within this time is told the same figures. */
const factsMilliseconds = 10_000;
/** Who asks while they are being counted is answered without them after this long. */
const patienceMilliseconds = 2_000;

/** What comes within a time; else `undefined`, and the work goes on. */
async function within<Value>(work: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(done, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The register of formats, and the self-assessment that fills itself. */
export function assessmentRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const census = new Remembered<FormatCount[]>(censusMilliseconds);
  const known = new Remembered<{ at: string; facts: Facts }>(factsMilliseconds);
  const register = formatRegister();
  const formats = register.map((one) => ({
    ...one,
    data: [...one.data],
    others: [...one.others],
    extensions: [...one.extensions],
    mediaTypes: [...one.mediaTypes],
  }));

  app.openapi(mounted(routes.listFormats), (c) => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    if (c.req.valid('query').format !== 'csv') return c.json({ formats }, 200, cached);
    const headers = {
      ...cached,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="formats.csv"',
    };
    return new Response(formatRegisterCsv(register), { headers }) as never;
  });

  app.openapi(mounted(routes.getAssessment), async (c) => {
    const { subject } = c.var;
    demand(subject, 'service.read', { kind: 'service' });
    const { db, studies, clock } = services();
    const { config, version } = kernel;
    const now = known.get('facts', async () => {
      // What fails here leaves gaps in the answer: nobody may be waiting for it any more.
      const counting = census
        .get('formats', () => formatCensus(db))
        .catch((fault: unknown): undefined => {
          kernel.noteFault(fault, 'census of formats');
        });
      const counts = await within(counting, patienceMilliseconds);
      const facts = await gatherFacts({ db, studies, config, version, census: counts });
      return { at: clock.now().toISOString(), facts };
    });
    const [counted, answers] = await Promise.all([now, operatorAnswers(db)]);
    const { at, facts } = counted!;
    const { lang, format } = c.req.valid('query');
    const language = languageOf(c.req.raw.headers, lang);
    const text = translator(language);
    const answered = answeredRequirements(facts, answers, language, text);
    const headers = { 'cache-control': 'private, no-store', 'content-language': language };
    if (format === 'markdown') {
      const about = { at, origin: originOf(c, config.publicUrl), language, text };
      return new Response(assessmentMarkdown(answered, about), {
        headers: {
          ...headers,
          'content-type': 'text/markdown; charset=utf-8',
          'content-disposition': 'attachment; filename="self-assessment.md"',
        },
      }) as never;
    }
    const canEdit = can(subject, 'system.maintain', { kind: 'service' });
    return c.json({ at, canEdit, requirements: answered }, 200, headers);
  });

  app.openapi(mounted(routes.answerAssessment), async (c) => {
    operator(c);
    const { requirement } = c.req.valid('param');
    if (!requirements.some(({ id }) => id === requirement)) throw new Problem('not-found');
    const { text: said, rating, instead } = c.req.valid('json');
    const answer = { text: said, rating };
    const before = typeof instead === 'string' ? new Date(instead) : instead;
    const isDate = !(before instanceof Date) || !Number.isNaN(before.getTime());
    if (!isDate || !(await keepAnswer(services().db, requirement, answer, before)))
      throw new Problem('revision-stale', 'Somebody else answered this meanwhile: copy your words, cancel, and look.');
    return c.json(answer, 200, { 'cache-control': 'no-store' });
  });
}
