// Run by archive-kill.test.ts as a process of its own: publishes version N of a study and kills itself at the named step.
import { flushCompileCache } from 'node:module';
import { openStorage } from '../open-storage.ts';
import type { WriteStep } from './write-version.ts';

const [folder, accession, version, step, files] = process.argv.slice(2) as [string, string, string, WriteStep, string];
// Killed, it would keep nothing of what it compiled, and the next one would do it anew.
flushCompileCache();
const storage = await openStorage(folder, (at) => {
  if (at === step) process.kill(process.pid, 'SIGKILL');
});
await storage.archive.recover();
await storage.archive.writeVersion(accession, Number(version), reviveFiles(), {
  message: 'Published',
  userName: 'Rosalind',
  userAddress: 'urn:micrarium:account:1',
  createdAt: '2026-11-20T10:00:00Z',
});
console.log('finished');

function reviveFiles(): { logicalPath: string; sha256?: string; content?: Uint8Array }[] {
  const listed = JSON.parse(files) as { logicalPath: string; sha256?: string; text?: string }[];
  return listed.map(({ text, ...file }) => (text === undefined ? file : { ...file, content: Buffer.from(text) }));
}
