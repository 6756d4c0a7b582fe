import { expect, test, vi } from 'vitest';
import { keyOfSet, linkPointed } from './pointed-cell.ts';

test('a cell pointed at in one window is told to those that show the same set, and to no others', async () => {
  const place = { accession: 'MIC-000001', version: 1, item: 'i' };
  const [same, other] = [keyOfSet(place, 0), keyOfSet(place, 1)];
  expect(same).not.toBe(other);
  const heard: (number | undefined)[] = [];
  const elsewhere: (number | undefined)[] = [];
  const links = [linkPointed(same, (id) => heard.push(id)), linkPointed(other, (id) => elsewhere.push(id))];
  const teller = linkPointed(same);
  const stranger = new BroadcastChannel('micrarium.pointed');
  try {
    teller.tell(17);
    teller.tell(undefined);
    for (const odd of [null, 'words', { set: other, object: '5' }]) stranger.postMessage(odd);
    await vi.waitFor(() => expect([heard, elsewhere]).toEqual([[17, undefined], [undefined]]));
  } finally {
    for (const link of [...links, teller, stranger]) link.close();
  }
});

test('a window that fell silent while it pointed, as a killed one does, points no more', async () => {
  const set = 'MIC-000001 1 i 0';
  const heard: (number | undefined)[] = [];
  const link = linkPointed(set, (id) => heard.push(id), 5);
  // A killed window tells nothing again.
  const killed = new BroadcastChannel('micrarium.pointed');
  try {
    killed.postMessage({ set, object: 17 });
    await vi.waitFor(() => expect(heard).toEqual([17, undefined]));
  } finally {
    link.close();
    killed.close();
  }
});
