import type { z } from '@hono/zod-openapi';
import type { routes } from '@micrarium/api';
import type { AddressRule } from '../outside/public-file.ts';
import { AddressSource } from './address-source.ts';
import { BucketSource } from './bucket-source.ts';
import { DropFolderSource } from './drop-folder.ts';
import { ImportRefused, type ImportSource } from './import-source.ts';
import { WebDavSource } from './webdav-source.ts';

/** A source as somebody names it. */
export type NamedSource = z.output<
  (typeof routes.listImport)['request']['body']['content']['application/json']['schema']
>;

/** What sources may reach. */
export interface SourceReach {
  rule: AddressRule;
  /** May a password be sent to this host without encryption? */
  mayBePlain(host: string): boolean;
  /** The drop folder of who asks; its real path. */
  dropFolder: string | undefined;
}

/** The source that is named. Nothing is asked yet. @throws ImportRefused */
export function openSource(named: NamedSource, { rule, mayBePlain, dropFolder }: SourceReach): ImportSource {
  switch (named.kind) {
    case 'url':
      return new AddressSource(named.address, rule);
    case 'webdav':
      return new WebDavSource(named, rule, mayBePlain);
    case 's3':
      return new BucketSource(named, rule);
    case 'drop-folder':
      if (dropFolder === undefined)
        throw new ImportRefused('There is no drop folder for you on this server.', 'no-drop-folder');
      return new DropFolderSource(dropFolder);
  }
}

/** Where files come from, as it is shown and kept: never with a secret, and addresses may hold one. */
export function placeOf(named: NamedSource): string {
  switch (named.kind) {
    case 'url':
    case 'webdav':
      return new URL(named.address).host;
    case 's3':
      return `${new URL(named.endpoint).host}/${named.bucket}/${named.prefix}`;
    case 'drop-folder':
      return '';
  }
}
