import { AwsV4Signer } from 'aws4fetch';
import { type AddressRule, askPublic } from '../outside/public-file.ts';
import { childText, readXml, type XmlElement, XmlRefused } from '../storage/s3/read-xml.ts';
import { answerText } from './answer-text.ts';
import { ImportRefused, type ImportSource, type LeftOver, type OfferedFile, type OpenedFile } from './import-source.ts';
import { openRemote, refuseStatus } from './remote-file.ts';

/** Objects of a bucket whose keys begin alike. Without a key the bucket must be open to everybody. */
export interface BucketPlace {
  /** Address of the storage without the bucket. */
  endpoint: string;
  bucket: string;
  prefix: string;
  region: string;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
}

const mostAnswerBytes = 16 * 2 ** 20;

/** What lies in an S3-compatible bucket below a prefix; the last folder of the prefix is where paths begin. */
export class BucketSource implements ImportSource {
  private readonly place: BucketPlace;
  private readonly rule: AddressRule;
  private readonly top: string;

  constructor(place: BucketPlace, rule: AddressRule) {
    this.place = place;
    this.rule = rule;
    this.top = place.prefix.slice(0, place.prefix.lastIndexOf('/') + 1);
  }

  async *list(signal: AbortSignal): AsyncGenerator<OfferedFile> {
    for (let token = ''; ; ) {
      const url = this.urlOf();
      url.searchParams.set('list-type', '2');
      url.searchParams.set('prefix', this.place.prefix);
      if (token !== '') url.searchParams.set('continuation-token', token);
      const page = await this.page(url, signal);
      for (const one of page.children) {
        const key = childText(one, 'Key');
        // What ends so stands for a folder and holds nothing.
        if (one.name !== 'Contents' || key.endsWith('/') || !key.startsWith(this.place.prefix)) continue;
        const modified = Date.parse(childText(one, 'LastModified'));
        yield {
          path: key.slice(this.top.length),
          size: Number(childText(one, 'Size')),
          ...(Number.isNaN(modified) ? {} : { modified: new Date(modified).toISOString() }),
        };
      }
      const next = childText(page, 'IsTruncated') === 'true' ? childText(page, 'NextContinuationToken') : '';
      if (next === '' || next === token) return;
      token = next;
    }
  }

  async open(path: string, signal: AbortSignal, left?: LeftOver): Promise<OpenedFile> {
    const key = this.top + path;
    if (!key.startsWith(this.place.prefix))
      throw new ImportRefused('This file does not lie below the prefix.', 'not-below');
    const url = this.urlOf(key);
    return await openRemote(url.href, { headers: await this.signed(url), signal, left, rule: this.rule });
  }

  private urlOf(key?: string): URL {
    const { endpoint, bucket } = this.place;
    const base = new URL(endpoint);
    const folder = `${base.pathname.replace(/\/$/, '')}/${bucket}`;
    const url = new URL(base.origin);
    url.pathname = key === undefined ? folder : `${folder}/${key.split('/').map(encodeURIComponent).join('/')}`;
    return url;
  }

  private async signed(url: URL): Promise<Record<string, string>> {
    const { accessKeyId, secretAccessKey, region } = this.place;
    if (accessKeyId === undefined || secretAccessKey === undefined) return {};
    const signer = new AwsV4Signer({ url: url.href, accessKeyId, secretAccessKey, region, service: 's3' });
    return Object.fromEntries((await signer.sign()).headers);
  }

  private async page(url: URL, signal: AbortSignal): Promise<XmlElement> {
    const { status, answer } = await askPublic(url.href, { headers: await this.signed(url), signal }, this.rule);
    try {
      if (status !== 200) refuseStatus(url.host, status);
      const root = readXml((await answerText(answer, mostAnswerBytes)) ?? '');
      if (root.name !== 'ListBucketResult')
        throw new ImportRefused(`${url.host} does not answer as a bucket does.`, {
          code: 'not-a-bucket',
          host: url.host,
        });
      return root;
    } catch (fault) {
      if (fault instanceof XmlRefused)
        throw new ImportRefused(
          `${url.host} does not answer as a bucket does.`,
          { code: 'not-a-bucket', host: url.host },
          { cause: fault },
        );
      throw fault;
    } finally {
      answer.destroy();
    }
  }
}
