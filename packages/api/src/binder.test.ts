import { expect, test } from 'vitest';
import { binderAddress, isPublicHost } from './binder.ts';

test('sites of this machine and of local networks are not public', () => {
  const local = [
    'localhost',
    '127.0.0.1',
    '[::1]',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.9',
    '169.254.1.1',
    'lab',
    'microscope.local',
    '[fe80::1]',
  ];
  expect(local.filter(isPublicHost)).toEqual([]);
  const open = ['data.example.org', '172.32.0.1', '8.8.8.8', '[2001:db8::1]'];
  expect(open.filter((host) => !isPublicHost(host))).toEqual([]);
});

test('Binder is told of the repository of the data set, and which notebook to open', () => {
  const address = new URL(binderAddress('https://data.example.org/api/v1/studies/MIC-1/versions/2/datasets/d-a', 'ja'));
  expect(address.host).toBe('mybinder.org');
  const [, kind, way, repository, ref] = address.pathname.split('/');
  expect([kind, way, ref]).toEqual(['v2', 'git', 'main']);
  expect(decodeURIComponent(repository!)).toBe(
    'https://data.example.org/api/v1/studies/MIC-1/versions/2/datasets/d-a/notebook.git',
  );
  expect(address.searchParams.get('labpath')).toBe('notebook-ja.ipynb');
});
