import { AsyncLocalStorage } from 'node:async_hooks';

/** Who acts, as the audit log names them: by account id, never by name or address. */
export interface Acting {
  /** Account id, `visitor`, or `micrarium` for the program itself. */
  actor: string;
  via: 'session' | 'token' | 'link' | 'visitor' | 'job' | 'operator';
  /** Network of the connection, shortened so that it names no computer. */
  network?: string;
}

const current = new AsyncLocalStorage<Acting>();
const theProgram: Acting = { actor: 'micrarium', via: 'job' };

/** Runs something on behalf of somebody: every change in it is noted as theirs. */
export function actAs<Result>(acting: Acting, work: () => Result): Result {
  return current.run(acting, work);
}

/** On whose behalf the program runs just now. */
export function whoActs(): Acting {
  return current.getStore() ?? theProgram;
}

/** An address without its last parts: /24 of IPv4, /48 of IPv6. `undefined` for what is no address. */
export function networkOf(address: string): string | undefined {
  const plain = address.replace(/^::ffff:/i, '');
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain);
  if (four) return `${four[1]}.0/24`;
  if (!plain.includes(':')) return undefined;
  const [head = '', tail] = plain.split('%')[0]!.split('::');
  const parts = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - parts.length - tail.split(':').filter(Boolean).length;
  const full = [...parts, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':').filter(Boolean)];
  return `${full.slice(0, 3).join(':')}::/48`;
}
