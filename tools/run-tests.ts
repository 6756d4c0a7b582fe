/**
 * Runs every test project in turn and ends with one plain line of totals. Projects run one after the other because two
 * cores are all there is; a project that fails does not hide what the others find.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  success: boolean;
  testResults: { name: string; message: string; assertionResults: Test[] }[];
}

interface Test {
  status: string;
  fullName: string;
  failureMessages: string[];
}

const projects = process.argv.length > 2 ? process.argv.slice(2) : ['unit', 'house', 'server', 'browser'];
const folder = mkdtempSync(join(tmpdir(), 'micrarium-tests-'));
/** What failed, told once more at the very end: the end is what is left of a long log. */
const failures: string[] = [];
const totals = { passed: 0, failed: 0, skipped: 0 };
let isGood = true;
// Processes that tests start compile our sources once, and not each of them.
const { directory: compiled } = enableCompileCache();
const environment = { ...process.env, ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }) };

function run(project: string, report: string): Promise<number> {
  const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [
      vitest,
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--passWithNoTests=false',
    ],
    { stdio: 'inherit', env: environment },
  );
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

console.log(`Property tests: seed ${process.env.MICRARIUM_SEED ?? 20261121} (MICRARIUM_SEED=random tries others)`);
for (const project of projects) {
  const started = Date.now();
  console.log(`\n=== ${project}`);
  const report = join(folder, `${project}.json`);
  const code = await run(project, report);
  if (code !== 0) isGood = false;
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Report;
    totals.passed += numPassedTests;
    totals.failed += numFailedTests;
    totals.skipped += numPendingTests;
    for (const { name, message, assertionResults } of testResults) {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      for (const test of failed) failures.push(`${name} > ${test.fullName}\n${test.failureMessages.join('\n')}`);
      if (failed.length === 0 && message !== '') failures.push(`${name}\n${message}`);
    }
  } catch {
    isGood = false;
    console.error(`${project}: no report was written`);
  }
  console.log(`=== ${project}: ${code === 0 ? 'good' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
}
rmSync(folder, { recursive: true, force: true });
for (const failure of failures) console.log(`\nFAILED ${failure.split('\n').slice(0, 12).join('\n')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = isGood && totals.failed === 0 ? 0 : 1;
