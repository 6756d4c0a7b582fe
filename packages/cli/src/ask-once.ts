import { type FairAsk, type FairReply, mostText } from '@micrarium/standards';

/** Longest time for one answer, in milliseconds. */
const patience = 30_000;
/** Bytes read of one answer; text in UTF-8 has at most as many characters. */
const mostBytes = mostText;

/** Asks the network once: redirects come back as they are, what does not answer has status 0 and says why. */
export const askOnce: FairAsk = async (address, { method, accept, range }) => {
  try {
    const answer = await fetch(address, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
      headers: { ...(accept ? { accept } : {}), ...(range ? { range } : {}), 'user-agent': 'micrarium-fair' },
    });
    const isRead = method === 'GET' && range === undefined && answer.status < 300;
    const text = isRead ? await textOf(answer) : '';
    if (!isRead) await answer.body?.cancel();
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text } satisfies FairReply;
  } catch (fault) {
    const { message, cause } = fault as Error & { cause?: unknown };
    const text = cause instanceof Error && cause.message !== '' ? cause.message : message;
    return { status: 0, headers: {}, text };
  }
};

/** The text of an answer, as far as it is looked at. */
async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const part of answer.body ?? []) {
    const bytes = part as Uint8Array;
    text += decoder.decode(bytes, { stream: true });
    size += bytes.length;
    // Leaving the loop closes the connection.
    if (size > mostBytes) return text.slice(0, mostText);
  }
  return text + decoder.decode();
}
