import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../tests/journeys/browser.ts';
import { depositor, makeOwner, makeToken, studyValues, writeJson } from '../tests/journeys/depositor.ts';
import { type RunningServer, removeData, startServer } from '../tests/journeys/server-under-test.ts';

/** What a measurement of a page works with. */
export interface PageTrial {
  /** For what is made first; goes away at the end. */
  folder: string;
  browser: Browser;
  /** Starts a server on a new data folder; both go away at the end. */
  serve(): Promise<RunningServer>;
}

/** Runs a measurement with a browser, a folder and a server, and ends and removes them whatever comes of it. */
export async function tryPage(name: string, work: (trial: PageTrial) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `micrarium-${name}-`));
  const browser = await launchBrowser();
  let server: RunningServer | undefined;
  try {
    await work({ folder, browser, serve: async () => (server = await startServer()) });
  } finally {
    await browser.close();
    if (server) {
      await server.stop();
      removeData(server);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A published item. */
export interface PublishedItem {
  study: string;
  /** Its id in version 1. */
  item: string;
}

/** Publishes a file with the command line. @param kind of the item that is wanted */
export async function publishFile(
  server: RunningServer,
  file: string,
  { title, kind }: { title: string; kind: 'image' | 'tracks' },
): Promise<PublishedItem> {
  const somebody = depositor(server.url, (await makeToken(await makeOwner(server), ['deposit'])).secret);
  try {
    const metadata = writeJson(somebody.folder, 'study.json', studyValues(title));
    const { code, stderr, answer } = await somebody.deposit([file, '--metadata', metadata, '--publish']);
    if (code !== 0 || !answer) throw new Error(`the deposit ended with ${code}: ${stderr}`);
    const found = await fetch(`${server.url}/api/v1/studies/${answer.study}`);
    const version = (await found.json()) as { items: { id: string; kind: string }[] };
    const item = version.items.find((one) => one.kind === kind);
    if (!item) throw new Error(`the published version has no item of kind ${kind}`);
    return { study: answer.study, item: item.id };
  } finally {
    rmSync(somebody.folder, { recursive: true, force: true });
  }
}
