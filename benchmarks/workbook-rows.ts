import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkbook } from '../packages/formats/src/containers/workbook.ts';
import { openFolder } from '../packages/formats/src/bytes/node-file.ts';
import { answerOf, beside, type Costs, costsSince, hasModules, python } from './measured-process.ts';

/*
 * All rows of a sheet of 8 columns, against openpyxl in its streaming mode, both in one run, each in a process of its own:
 *   node benchmarks/workbook-rows.ts [rows]
 * openpyxl writes the workbook, so without Python and openpyxl there is nothing to measure.
 */

const script = beside('workbook_rows.py');

interface Measured extends Costs {
  rows: number;
  total: number;
}

async function readRows(folder: string): Promise<void> {
  const started = performance.now();
  const tree = await openFolder(folder);
  const { workbook } = await openWorkbook(await tree.entries[0]!.open());
  let rows = -1;
  let total = 0;
  for await (const batch of workbook!.sheets[0]!.rows())
    for (const { cells } of batch) {
      rows++;
      if (rows > 0) total += Number(cells[2]);
    }
  console.log(JSON.stringify({ ...costsSince(started), rows, total }));
  for (const entry of tree.entries) await entry.close?.();
}

const [first = '200000', folder] = process.argv.slice(2);
if (first === '--read') await readRows(folder!);
else if (!hasModules('openpyxl'))
  console.log(JSON.stringify({ skipped: 'openpyxl, which writes the workbook, is not here' }));
else {
  const made = await mkdtemp(join(tmpdir(), 'workbook-'));
  try {
    execFileSync(python, [script, 'write', join(made, 'a.xlsx'), first]);
    const ours = answerOf<Measured>(process.execPath, [fileURLToPath(import.meta.url), '--read', made]);
    const theirs = answerOf<Measured>(python, [script, 'read', join(made, 'a.xlsx')]);
    if (ours.rows !== theirs.rows || Math.abs(ours.total - theirs.total) > 1e-6 * theirs.total)
      throw new Error(`we read ${JSON.stringify(ours)}, openpyxl ${JSON.stringify(theirs)}`);
    console.log(JSON.stringify({ rows: ours.rows, ours, theirs }));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}
