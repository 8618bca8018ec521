import type { Annotation } from '@concord/core/records/annotation';
import type { Sight } from './link.ts';

/** What a person saw on their own layer when they declared it finished. */
export interface Intent {
  readonly user: string;
  readonly task: string;
  readonly client: string;
  readonly seen: Annotation;
}

/** What the world's people were told and shown; the invariants hold the stores against it. */
export interface Ledger {
  readonly intents: Intent[];
  readonly sights: Sight[];
  /** Ops that were acknowledged with a place in a layer. */
  readonly ops: {
    readonly task: string;
    readonly client: string;
    readonly n: number;
    readonly lseq: number;
  }[];
  /** Submissions, withdrawals and decisions that were acknowledged. */
  readonly submissions: { readonly task: string; readonly id: string }[];
  readonly decisions: { readonly task: string; readonly id: string }[];
  note(event: string, message: object, answer: object): void;
}

export function createLedger(): Ledger {
  const ops: Ledger['ops'] = [];
  const submissions: Ledger['submissions'] = [];
  const decisions: Ledger['decisions'] = [];
  return {
    intents: [],
    sights: [],
    ops,
    submissions,
    decisions,
    note(event, message, answer) {
      const { task, client } = message as { task: string; client: string };
      const said = answer as {
        acked?: { n: number; lseq: number }[];
        submissionId?: string;
        finalization?: string;
      };
      if (event === 'room:ops')
        for (const { n, lseq } of said.acked ?? []) if (lseq > 0) ops.push({ task, client, n, lseq });
      if (said.submissionId !== undefined) submissions.push({ task, id: said.submissionId });
      if (said.finalization !== undefined) decisions.push({ task, id: said.finalization });
    },
  };
}
