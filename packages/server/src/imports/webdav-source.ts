import { type AddressRule, askPublic } from '../outside/public-file.ts';
import { childText, readXml, type XmlElement, XmlRefused } from '../storage/s3/read-xml.ts';
import { answerText } from './answer-text.ts';
import { decoded } from './address-source.ts';
import {
  ImportRefused,
  type ImportSource,
  type LeftOver,
  namesOf,
  type OfferedFile,
  type OpenedFile,
} from './import-source.ts';
import { lengthIn, openRemote, refuseStatus } from './remote-file.ts';

/** A folder that is shared by WebDAV, or the link of a public share of Nextcloud or ownCloud. */
export interface WebDavPlace {
  address: string;
  user?: string | undefined;
  password?: string | undefined;
}

const question =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>';
const mostFolders = 10_000;
const deepest = 64;
const mostAnswerBytes = 16 * 2 ** 20;

/** Files of a folder and the folders in it, asked for one folder at a time (`PROPFIND`, depth 1; RFC 4918). */
export class WebDavSource implements ImportSource {
  private base: URL;
  private names: readonly string[];
  private readonly headers: Record<string, string>;
  private readonly rule: AddressRule;

  /**
   * @param mayBePlain may a password be sent to this host without encryption?
   * @throws ImportRefused
   */
  constructor(place: WebDavPlace, rule: AddressRule, mayBePlain: (host: string) => boolean) {
    const { address, user, password } = shareOf(place) ?? place;
    this.base = new URL(address);
    if (!this.base.pathname.endsWith('/')) this.base.pathname += '/';
    this.base.search = '';
    this.base.hash = '';
    if (place.password !== undefined && this.base.protocol !== 'https:' && !mayBePlain(this.base.host))
      throw new ImportRefused('A password is sent by https only.', 'password-unsafe');
    this.names = namesIn(this.base.pathname);
    this.rule = rule;
    this.headers = {
      // Nextcloud answers programs at public shares only if they say that no form of another site sent them.
      'x-requested-with': 'XMLHttpRequest',
      ...(user === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`, 'utf8').toString('base64')}` }),
    };
  }

  async *list(signal: AbortSignal): AsyncGenerator<OfferedFile> {
    const waiting: string[][] = [[]];
    const seen = new Set(['']);
    for (let folder = waiting.shift(); folder; folder = waiting.shift()) {
      for (const { names, isFolder, ...told } of await this.look(folder, signal)) {
        const path = names.join('/');
        if (!isFolder) yield { path, ...told };
        else if (!seen.has(path)) {
          if (seen.size >= mostFolders || names.length > deepest)
            throw new ImportRefused(
              'The share holds more folders than are looked through: choose a folder further down.',
              'too-many-folders',
            );
          seen.add(path);
          waiting.push(names);
        }
      }
    }
  }

  async open(path: string, signal: AbortSignal, left?: LeftOver): Promise<OpenedFile> {
    return await openRemote(this.addressOf(namesOf(path)), { headers: this.headers, signal, left, rule: this.rule });
  }

  /** The folder is where the server led to within itself. */
  private standAt(url: URL): void {
    this.base = new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
    this.names = namesIn(this.base.pathname);
  }

  private addressOf(names: readonly string[]): string {
    return this.base.href + names.map(encodeURIComponent).join('/');
  }

  /** What lies directly in a folder. */
  private async look(folder: readonly string[], signal: AbortSignal): Promise<Resource[]> {
    const address = folder.length === 0 ? this.base.href : `${this.addressOf(folder)}/`;
    const { url, status, answer } = await askPublic(
      address,
      {
        method: 'PROPFIND',
        headers: { ...this.headers, depth: '1', 'content-type': 'application/xml; charset=utf-8' },
        body: question,
        signal,
      },
      this.rule,
    );
    let root: XmlElement;
    try {
      if (status === 405 || status === 501 || status === 200)
        throw new ImportRefused(`${url.host} does not speak WebDAV at this address.`, {
          code: 'not-webdav',
          host: url.host,
        });
      if (status !== 207) refuseStatus(url.host, status);
      if (url.origin !== this.base.origin)
        throw new ImportRefused(`The address leads on to ${url.host}: give the address there.`, {
          code: 'leads-elsewhere',
          host: url.host,
        });
      const text = await answerText(answer, mostAnswerBytes);
      if (text === undefined)
        throw new ImportRefused('A folder of the share holds too many files to be listed.', 'too-many-files');
      root = readXml(text);
    } catch (fault) {
      if (fault instanceof XmlRefused)
        throw new ImportRefused(
          `The answer of ${url.host} cannot be read as one of WebDAV.`,
          { code: 'not-webdav', host: url.host },
          { cause: fault },
        );
      throw fault;
    } finally {
      answer.destroy();
    }
    if (folder.length === 0) this.standAt(url);
    const here = [...this.names, ...folder];
    const found = root.children.flatMap((element) => (element.name === 'response' ? readResource(element, url) : []));
    if (!found.some(({ names, isFolder }) => isFolder && isBelow(names, here, 0)))
      throw new ImportRefused('This is no folder: for a single file give its address alone.', 'not-a-folder');
    return found
      .filter(({ names }) => isBelow(names, here, 1))
      .map((one) => ({ ...one, names: one.names.slice(this.names.length) }));
  }
}

interface Resource {
  /** Names on the way from the top of the server. */
  names: string[];
  isFolder: boolean;
  size?: number;
  modified?: string;
}

const isBelow = (names: readonly string[], folder: readonly string[], depth: number) =>
  names.length === folder.length + depth && folder.every((name, at) => names[at] === name);

const namesIn = (pathname: string) =>
  pathname
    .split('/')
    .filter((name) => name !== '')
    .map(decoded);

/** One entry of an answer; none where it has no address, or no property could be told. */
function readResource(response: XmlElement, asked: URL): Resource[] {
  const href = childText(response, 'href').trim();
  // Servers behind others name themselves otherwise than they are asked: only the path counts.
  if (href === '' || !URL.canParse(href, asked)) return [];
  const good = response.children.find(
    (child) => child.name === 'propstat' && /\b200\b/.test(childText(child, 'status')),
  );
  const prop = good?.children.find(({ name }) => name === 'prop');
  if (!prop) return [];
  const type = prop.children.find(({ name }) => name === 'resourcetype');
  const size = lengthIn(childText(prop, 'getcontentlength').trim());
  const modified = Date.parse(childText(prop, 'getlastmodified'));
  return [
    {
      names: namesIn(new URL(href, asked).pathname),
      isFolder: type?.children.some(({ name }) => name === 'collection') ?? false,
      ...(size === undefined ? {} : { size }),
      ...(Number.isNaN(modified) ? {} : { modified: new Date(modified).toISOString() }),
    },
  ];
}

/** The place that the link of a public share stands for: its token is the name that is asked with. */
export function shareOf({ address, password }: WebDavPlace): WebDavPlace | undefined {
  const url = new URL(address);
  const found = /^(.*?)(?:\/index\.php)?\/s\/([A-Za-z0-9]{4,64})\/?$/.exec(url.pathname);
  if (!found) return undefined;
  const folder = url.searchParams.get('path') ?? url.searchParams.get('dir') ?? '';
  const below = folder
    .split('/')
    .filter((name) => name !== '' && name !== '.' && name !== '..')
    .map((name) => `${encodeURIComponent(name)}/`)
    .join('');
  return { address: `${url.origin}${found[1]}/public.php/webdav/${below}`, user: found[2]!, password: password ?? '' };
}
