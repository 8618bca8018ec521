export interface GoldenCase {
  readonly id: string;
  readonly op: string;
  readonly input: unknown;
  readonly expect: unknown;
  /** Numbers pass within this, relative above 1; 1e-9 where it is missing. */
  readonly tol?: number;
}

/** The cases of one file of goldens/. For tests only: the name becomes a path when it runs. */
export async function goldenCases(suite: string): Promise<readonly GoldenCase[]> {
  const file = (await import(`../../goldens/${suite}.json`)) as {
    default: { cases: readonly GoldenCase[] };
  };
  return file.default.cases;
}
