import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, run } from './run.mjs';

/**
 * Runs one lane of the tests (a project of vitest.config.ts) and counts. A file that fails to load counts as one failure,
 * and so does a skipped test: nothing is left out silently.
 */
export async function runLane(lane, { env = {}, filters = [] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'concord-test-'));
  const file = join(dir, 'results.json');
  try {
    const { code } = await run(
      bin('vitest'),
      [
        'run',
        '--project',
        lane,
        '--reporter=dot',
        '--reporter=json',
        `--outputFile.json=${file}`,
        '--passWithNoTests=false',
        ...filters,
      ],
      { env },
    );
    let report;
    try {
      report = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return { passed: 0, failed: 1, notes: [`${lane}: vitest ended with code ${code} and left no report`] };
    }
    const notes = [];
    let failed = 0;
    for (const suite of report.testResults) {
      const bad = suite.assertionResults.filter((t) => t.status !== 'passed');
      for (const t of bad) notes.push(`${lane}: ${t.status}: ${t.fullName}`);
      if (bad.length === 0 && suite.status === 'failed') {
        notes.push(`${lane}: ${suite.name} did not load: ${suite.message.split('\n')[0]}`);
        failed += 1;
      }
      failed += bad.length;
    }
    if (code !== 0 && failed === 0) {
      notes.push(`${lane}: vitest ended with code ${code}`);
      failed = 1;
    }
    return { passed: report.numPassedTests, failed, notes };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
