import { appendFileSync } from 'node:fs';
import { currentRequestId } from '../audit/request-id.ts';
import { currentTraceId } from '../tracing/tracing.ts';

/** Replaces what would let text from outside write lines of its own, or move the cursor. */
function oneLine(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}/gu, ' ');
}

/** Addresses with a password in them never reach a log. */
function withoutSecrets(text: string): string {
  return text.replace(/(postgres(?:ql)?:\/\/[^:/\s]+:)[^@\s]+@/g, '$1***@').replace(/\bmic_[\w-]{20,}/g, 'mic_***');
}

function describe(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const cause = fault.cause === undefined ? '' : `\ncaused by ${describe(fault.cause)}`;
  return `${fault.stack ?? `${fault.name}: ${fault.message}`}${cause}`;
}

/**
 * Notes a fault of the program: whole in `faults.log` of the data folder, in one line on the terminal. Further lines of it are set in, so that
 * no text from outside looks like an entry of its own. What a request caused bears its id, as the answer does, and that
 * of its trace.
 */
export function noteFault(logFile: string, fault: unknown, where: string): void {
  const [requestId, traceId] = [currentRequestId(), currentTraceId()];
  const ids = [requestId && `request ${requestId}`, traceId && `trace ${traceId}`].filter(Boolean).join(', ');
  const place = oneLine(ids === '' ? where : `${where} [${ids}]`);
  const text = oneLine(withoutSecrets(describe(fault)));
  try {
    appendFileSync(logFile, `${new Date().toISOString()} ${place}\n${text.replaceAll('\n', '\n  ')}\n\n`, {
      mode: 0o600,
    });
  } catch {
    // A full disk must not turn a fault into a second one.
  }
  const [first = ''] = text.split('\n');
  process.stderr.write(`fault: ${place}: ${oneLine(first)} (see faults.log in the data folder)\n`);
}
