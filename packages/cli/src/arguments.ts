import { readFile, writeFile } from 'node:fs/promises';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type ColumnMapping, columnsOfMappings, mappingFile, parseMappings, shapeKey } from '@micrarium/formats';
import { UsageError } from './terminal.ts';

/** Options by name: text for those with a value, `true` for switches. */
export interface Parsed {
  values: Readonly<Record<string, string | boolean | undefined>>;
  paths: string[];
}

/** Parses a command's arguments. @throws UsageError for anything it does not know */
export function parseCommand(args: string[], options: ParseArgsOptionsConfig): Parsed {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: values as Parsed['values'], paths: positionals };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.split('. ')[0]! : String(cause), { cause });
  }
}

/** How tables are to be read: by one mapping, or by those remembered for their headers. */
export interface TableReading {
  mapping?: ColumnMapping;
  mappings?: Readonly<Record<string, ColumnMapping>>;
  /** The file of `--map`, where `--mapping` is given too: what was given is remembered there. */
  remember?: string;
}

/**
 * Reads `--mapping` (JSON itself where it begins with `{`, else the name of a file with it) and `--map` (a file of
 * mappings remembered by the shape of the header, which need not exist yet where `--mapping` is given too).
 * @throws UsageError that names what is wrong
 */
export async function readMappings(values: Parsed['values']): Promise<TableReading> {
  const { mapping: given, map } = values;
  if (typeof given !== 'string') return typeof map === 'string' ? parse('--map', await readText('--map', map)) : {};
  const text = given.trim().startsWith('{') ? given : await readText('--mapping', given);
  return { ...parse('--mapping', text), ...(typeof map === 'string' ? { remember: map } : {}) };
}

async function readText(option: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${option} names the file ${path}, which cannot be read`, { cause });
  });
}

function parse(option: string, text: string): TableReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${option} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const parsed = parseMappings(value);
  if (parsed.fault !== undefined) throw new UsageError(`${option}: ${parsed.fault}`);
  return parsed.mapping ? { mapping: parsed.mapping } : { mappings: parsed.mappings };
}

/**
 * Remembers the mapping of a table under the shape of its header, beside what the file holds already.
 * @throws UsageError where the file is there and no mapping file, or cannot be written
 */
export async function rememberMapping(path: string, columns: readonly string[], mapping: ColumnMapping): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  let value: unknown = mappingFile({});
  try {
    if (text !== undefined) value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--map: ${path} is no JSON, so nothing was remembered`, { cause });
  }
  const parsed = parseMappings(value);
  if (parsed.fault !== undefined || parsed.mapping)
    throw new UsageError(`--map: ${path} is not a file of remembered mappings, so nothing was remembered`);
  const shape = shapeKey(columns);
  const file = mappingFile({ ...parsed.mappings, [shape]: mapping }, { ...columnsOfMappings(value), [shape]: columns });
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`).catch((cause: unknown) => {
    throw new UsageError(`--map: ${path} cannot be written`, { cause });
  });
}
