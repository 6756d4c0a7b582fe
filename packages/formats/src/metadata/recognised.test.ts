import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { fileTree } from '../bytes/file-tree.ts';
import { findItems } from '../recognition/find-items.ts';

async function formatOf(path: string, document: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const tree = fileTree('', [{ path, size: bytes.length, open: async () => memorySource(path, bytes) }]);
  const [item] = await findItems(tree, {});
  return item!.format;
}

test('ISA-JSON is known by its lists; a context of JSON-LD that names the same members is text', async () => {
  const investigation = {
    identifier: 'i',
    submissionDate: '',
    ontologySourceReferences: [],
    people: [],
    studies: [{ filename: 's.txt', submissionDate: '' }],
  };
  expect(await formatOf('i.json', investigation)).toBe('isa-json');
  const context = {
    sdo: 'http://schema.org/',
    identifier: 'sdo:identifier',
    submissionDate: 'sdo:dateCreated',
    people: 'sdo:creator',
    studies: 'sdo:hasPart',
    ontologySourceReferences: 'sdo:mentions',
  };
  expect(await formatOf('investigation_context.json', context)).toBe('text');
  expect(await formatOf('context.jsonld', { '@context': context })).toBe('text');
});
