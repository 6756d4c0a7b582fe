import { stat } from 'node:fs/promises';
import { translator } from '@micrarium/api';
import type { ByteSource } from '@micrarium/formats';
import type { StudyFile } from '@micrarium/model';
import { BytesLost } from '@micrarium/repository';
import { html } from 'hono/html';
import type { HttpContext } from './context.ts';
import { isLookedAt } from './files-origin.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import { storedBytes } from './item-content.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText, sizeText } from './landing/landing-data.ts';
import { Problem } from './problems.ts';

/**
 * The bytes of a published file; or the page that says that they are lost, to a person who follows a link to it.
 * @throws Problem `bytes-lost` to programs: the file is known, with its digest, and since when nobody has its bytes
 */
export async function bytesOfFile(
  c: HttpContext,
  kernel: Kernel,
  services: Services,
  { accession, file }: { accession: string; file: StudyFile },
): Promise<string | ByteSource | Response> {
  try {
    const from = await storedBytes(services, file.sha256);
    const size = typeof from === 'string' ? (await stat(from)).size : from.size;
    if (size !== file.size) throw new BytesLost(file.sha256, await services.lostFiles.wrongSize(file.sha256));
    return from;
  } catch (fault) {
    if (!(fault instanceof BytesLost)) throw fault;
    if (isLookedAt(c)) return await lostPage(c, kernel, accession, file, fault);
    const { path, size } = file;
    const members = { ...fault.members, path, size };
    throw new Problem('bytes-lost', fault.message, { cause: fault, members });
  }
}

async function lostPage(
  c: HttpContext,
  kernel: Kernel,
  accession: string,
  { path, size, sha256 }: StudyFile,
  { members: { lost, since } }: BytesLost,
): Promise<Response> {
  const language = chosenLanguage(c);
  const text = translator(language);
  const why = since === undefined ? 'lost.unchecked' : (`lost.${lost}` as const);
  const content = html`<main class="wrap plain"><p class="mono m2">${accession}</p><h1>${text('lost.title')}</h1>
<div class="prose"><p>${text(why, { day: since === undefined ? '' : dayText(since, language) })}</p><p>${text('lost.next')}</p></div>
<dl class="kv"><dt>${text('study.fileName')}</dt><dd>${path}</dd><dt>${text('study.fileSize')}</dt><dd>${sizeText(size, language)}</dd><dt>SHA-256</dt><dd class="mono brk">${sha256}</dd></dl>
<p class="row w"><a class="btn" href="/studies/${accession}">${text('care.toStudy')}</a> <a class="btn" href="/integrity">${text('care.title')}</a></p></main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const head = html`<meta name="robots" content="noindex">`;
  const page = { language, text, sheets, title: `${text('lost.title')} · ${accession}`, inOtherLanguage, head };
  c.header('cache-control', 'no-store');
  return await c.html(framedPage(page, content), 410);
}
