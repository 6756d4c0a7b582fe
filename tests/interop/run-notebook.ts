import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Notebook } from '@micrarium/api';

const python = '/usr/bin/python3';

/** Is a Python there that can run notebooks? Said once, loudly, where it is not. */
export const hasNotebookPython: boolean = spawnSync(python, ['-c', 'import pandas, matplotlib, zarr']).status === 0;
if (!hasNotebookPython) console.warn(`${python} with pandas, matplotlib and zarr is not there: no notebook is run.`);

/** Runs the code cells of a notebook one after another as Jupyter would, without its screen. @param then lines run after them */
export async function runNotebook(
  notebook: Notebook,
  folder: string,
  then = '',
): Promise<{ lines: string[]; plots: number }> {
  const file = join(folder, 'notebook.py');
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
  // A plot that nobody draws would hide its faults: each is drawn into memory and counted.
  const before = [
    'import io, matplotlib',
    'matplotlib.use("Agg")',
    'import matplotlib.pyplot as plt',
    'plots = 0',
    'def show():',
    '    global plots',
    '    plt.gcf().savefig(io.BytesIO())',
    '    plt.close()',
    '    plots += 1',
    'plt.show = show',
  ];
  writeFileSync(file, [...before, ...cells, 'print("plots", plots)', then, ''].join('\n'));
  const { stdout } = await promisify(execFile)(python, ['-W', 'error::DeprecationWarning:__main__', file], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });
  const lines = stdout.trim().split('\n');
  const plots = Number(/^plots (\d+)$/m.exec(stdout)?.[1]);
  return { lines, plots };
}

/**
 * Checks the code cells of a notebook in TypeScript as one module, strictly, and runs it. Packages are those that `npm ci` installed.
 * @param folder one below the checkout, where imports find them
 * @param then lines checked and run after them
 */
export async function runTypeScriptNotebook(notebook: Notebook, folder: string, then = ''): Promise<string[]> {
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
  const code = [...cells, then, ''].join('\n').replaceAll(/'npm:(\w+)@[\d.]+'/g, "'$1'");
  const file = join(folder, 'notebook.ts');
  writeFileSync(file, code);
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['notebook.ts'] }));
  const compiler = resolve(import.meta.dirname, '../../node_modules/.bin/tsc');
  const run = promisify(execFile);
  const [checked, ran] = await Promise.all([
    // What the compiler finds is on its output, which the error of a failed command leaves out.
    run(compiler, ['-p', folder]).then(
      () => '',
      (fault: { stdout?: string; message: string }) => fault.stdout || fault.message,
    ),
    run(process.execPath, [file], { maxBuffer: 2 ** 26 }),
  ]);
  if (checked !== '') throw new Error(`The notebook is no correct TypeScript:\n${checked}`);
  return ran.stdout.trim().split('\n');
}
