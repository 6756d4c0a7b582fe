import { expect, it } from 'vitest';
import { objectFolder } from './layout.ts';

// Check values of the extension's own text (repository-practice 6.1).
it.each([
  ['object-01', '3c0/ff4/240/3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4'],
  ['..hor/rib:le-$id', '487/326/d8c/487326d8c2a3c0b885e23da1469b4d6671fd4e76978924b4443e9e3c316cda6d'],
])('lays %s where layout 0004 says', (id, folder) => {
  expect(objectFolder(id)).toBe(folder);
});
