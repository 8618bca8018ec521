import { bin, run } from './run.mjs';

/** Checks that are not tests but count as one each: they pass or they fail. */
export const staticChecks = [
  {
    name: 'generated files are fresh',
    run: () => run('node', ['scripts/generate-modalities.mjs', '--check']),
  },
  { name: 'format and lint', run: () => run(bin('biome'), ['check', '--error-on-warnings', '.']) },
  { name: 'types', run: () => run(bin('tsc'), ['-b']) },
  { name: 'structure', run: () => run('node', ['scripts/structure.mjs']) },
];

/** Runs checks one after the other; counts and notes as `runLane` does. */
export async function runChecks(checks) {
  const total = { passed: 0, failed: 0, notes: [] };
  for (const check of checks) {
    const { code } = await check.run();
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name}`);
    if (code === 0) total.passed += 1;
    else {
      total.failed += 1;
      total.notes.push(`check failed: ${check.name}`);
    }
  }
  return total;
}

export function add(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
  total.notes.push(...part.notes);
}

/** Prints what went wrong and, last, the line that CI reads. Ends the process. */
export function finish(total, fromMs) {
  console.log(`\nTook ${((performance.now() - fromMs) / 1000).toFixed(0)} s`);
  for (const note of total.notes) console.log(`- ${note}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}
