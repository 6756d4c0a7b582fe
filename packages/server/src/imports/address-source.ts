import { sideBySide } from '@micrarium/repository';
import type { IncomingMessage } from 'node:http';
import { AddressRefused, type AddressRule, askPublic } from '../outside/public-file.ts';
import { answerText } from './answer-text.ts';
import { ImportRefused, type ImportSource, type LeftOver, type OfferedFile, type OpenedFile } from './import-source.ts';
import { lengthIn, openRemote, refuseStatus } from './remote-file.ts';

/** Larger texts are files, not lists. */
const mostListBytes = 2 ** 20;
const mostAddresses = 1000;

/**
 * One address: a file, or a text of which every line is an address (empty lines and `#` aside), of which each is a file then. Archives stay
 * files as they are.
 */
export class AddressSource implements ImportSource {
  private readonly address: string;
  private readonly rule: AddressRule;
  private known: Promise<Known> | undefined;

  constructor(address: string, rule: AddressRule) {
    this.address = address;
    this.rule = rule;
  }

  async *list(signal: AbortSignal): AsyncGenerator<OfferedFile> {
    const { single, addresses } = await this.look(signal);
    if (single) {
      yield single;
      return;
    }
    const offered: OfferedFile[] = [];
    await sideBySide(
      [...addresses],
      async ([path, address]) => void offered.push(await this.offer(path, address, signal)),
      4,
    );
    yield* offered;
  }

  async open(path: string, signal: AbortSignal, left?: LeftOver): Promise<OpenedFile> {
    const address = (await this.look(signal)).addresses.get(path);
    if (address === undefined) throw new ImportRefused('The address does not offer this file any more.', 'gone');
    return await openRemote(address, { signal, left, rule: this.rule });
  }

  private look(signal: AbortSignal): Promise<Known> {
    this.known ??= this.ask(signal).catch((fault: unknown) => {
      this.known = undefined;
      throw fault;
    });
    return this.known;
  }

  private async ask(signal: AbortSignal): Promise<Known> {
    const { url, status, answer } = await askPublic(this.address, { signal }, this.rule);
    try {
      if (status !== 200) refuseStatus(url.host, status);
      const text = isText(url, answer) ? await answerText(answer, mostListBytes) : undefined;
      const listed = text === undefined ? undefined : readAddressList(text);
      if (listed) return { addresses: pathsOf(listed) };
      const path = fileNameOf(url, answer.headers['content-disposition']);
      return { addresses: new Map([[path, this.address]]), single: { path, ...told(answer) } };
    } finally {
      answer.destroy();
    }
  }

  private async offer(path: string, address: string, signal: AbortSignal): Promise<OfferedFile> {
    try {
      const { status, answer } = await askPublic(address, { signal }, this.rule);
      answer.destroy();
      return status === 200 ? { path, ...told(answer) } : { path, fault: 'unreachable' };
    } catch (fault) {
      if (fault instanceof AddressRefused) return { path, fault: 'unreachable' };
      throw fault;
    }
  }
}

interface Known {
  /** Addresses by the path they are offered under. */
  addresses: ReadonlyMap<string, string>;
  /** Where the address is one file. */
  single?: OfferedFile;
}

function told({ headers }: IncomingMessage): Pick<OfferedFile, 'size' | 'modified'> {
  const size = lengthIn(headers['content-length']);
  const modified = Date.parse(headers['last-modified'] ?? '');
  return {
    ...(size === undefined ? {} : { size }),
    ...(Number.isNaN(modified) ? {} : { modified: new Date(modified).toISOString() }),
  };
}

function isText(url: URL, { headers }: IncomingMessage): boolean {
  if ((lengthIn(headers['content-length']) ?? 0) > mostListBytes) return false;
  return /^text\/plain\b/i.test(headers['content-type'] ?? '') || /\.(txt|lst)$/i.test(url.pathname);
}

/** Addresses of a text of which every line is one; `undefined` for any other text. @throws ImportRefused where there are too many */
export function readAddressList(text: string): string[] | undefined {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0 || !lines.every((line) => /^https?:\/\/\S+$/i.test(line) && URL.canParse(line)))
    return undefined;
  const addresses = [...new Set(lines)];
  if (addresses.length > mostAddresses)
    throw new ImportRefused(
      `The list names more than ${mostAddresses.toLocaleString('en')} addresses: split it.`,
      'too-many-addresses',
    );
  return addresses;
}

/** A path for each address: what they have in common before their names is left out, so that folders stay. */
export function pathsOf(addresses: readonly string[]): Map<string, string> {
  const all = addresses.map((address) => {
    const url = new URL(address);
    const names = url.pathname.split('/').filter((name) => name !== '');
    return [url.host.replaceAll(':', '_'), ...(names.length === 0 ? ['file'] : names.map(decoded))];
  });
  let common = 0;
  const first = all[0] ?? [];
  const isCommon = (names: readonly string[]) => common < names.length - 1 && names[common] === first[common];
  while (common < first.length - 1 && all.every(isCommon)) common++;
  const paths = new Map<string, string>();
  for (const [index, names] of all.entries()) {
    const path = names.slice(common).join('/');
    let name = path;
    // Addresses that differ by their query only.
    for (let number = 2; paths.has(name); number++) name = path.replace(/(\.[^/]*)?$/, `-${number}$1`);
    paths.set(name, addresses[index]!);
  }
  return paths;
}

/** The name a server gives a file, else the last name of its address. */
export function fileNameOf(url: URL, disposition: string | undefined): string {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition ?? '');
  const given = extended === undefined ? (plain?.[1] ?? plain?.[2]) : decoded(extended);
  const names = url.pathname.split('/').filter((name) => name !== '');
  // Repositories end the address of a file's bytes so: …/files/cells.tif/content
  if (names.length > 1 && /^(content|download)$/i.test(names.at(-1)!) && names.at(-2)!.includes('.')) names.pop();
  const name = (given ?? decoded(names.at(-1) ?? '')).split(/[/\\]/).at(-1)!.trim();
  return name === '' ? 'file' : name;
}

/** A name of an address as it reads; as it stands where it would read as several names, or not at all. */
export function decoded(name: string): string {
  try {
    const plain = decodeURIComponent(name);
    return plain.includes('/') ? name : plain;
  } catch {
    return name;
  }
}
