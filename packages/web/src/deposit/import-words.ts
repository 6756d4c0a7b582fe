import { importReasons } from '@micrarium/api';
import { ApiError } from '../app/api.ts';
import { useText } from '../messages/text.ts';
import type { ImportRun, NamedSource } from './import-answers.ts';

/** Why a file, or all of an import, did not come: in words of the server, and as a reason by its code where it is known. */
export type ToldReason = Pick<ImportRun['failures'][number], 'message' | 'reason'>;
type Reason = NonNullable<ToldReason['reason']>;

/** An address that no server is asked for. */
export class AddressOfNoWeb extends Error {
  override readonly name = 'AddressOfNoWeb';
}

/** @throws AddressOfNoWeb for an address that does not begin with `https://` or `http://` */
export function demandWebAddress(source: NamedSource): void {
  const address = source.kind === 's3' ? source.endpoint : source.kind === 'drop-folder' ? undefined : source.address;
  if (address !== undefined && !/^https?:\/\//i.test(address)) throw new AddressOfNoWeb(`No web address: ${address}`);
}

/** The reason that a fault tells; `undefined` where it tells none. */
export function reasonIn(fault: unknown): Reason | undefined {
  if (fault instanceof AddressOfNoWeb) return { code: 'scheme' };
  if (!(fault instanceof ApiError)) return undefined;
  const told = (fault.body as { reason?: Partial<Reason> } | undefined)?.reason;
  // A newer server may tell reasons this page has no words for; what the server says in English stands then.
  const code = importReasons.find((one) => one === told?.code);
  return code === undefined ? undefined : { ...told, code };
}

/** Why something was not brought, in the reader's language; what has no code as the server says it. */
export function useImportWords(): (told: ToldReason) => string {
  const text = useText();
  return ({ message, reason }) =>
    reason === undefined
      ? message
      : text(`import.reason.${reason.code}`, { host: reason.host ?? '', status: reason.status ?? '' });
}
