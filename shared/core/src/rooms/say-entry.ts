import type { LogEntry } from './op.ts';

/** Whom an entry is about: who did it, and for what the server notes of somebody, that somebody. */
export function actorOf({ by, op }: Pick<LogEntry, 'by' | 'op'>): string {
  return op.t === 'expose' ? op.userId : by;
}

/** An entry of the room's log in a few words, to follow the name of who did it. */
export function sayEntry({ op }: Pick<LogEntry, 'op'>, title: (className: string) => string): string {
  switch (op.t) {
    case 'create':
      return op.region.from === undefined
        ? `marked ${title(op.region.label)}`
        : `accepted a suggestion: ${title(op.region.label)}`;
    case 'update': {
      const label = op.set['label'];
      return typeof label === 'string' ? `relabelled a region ${title(label)}` : 'changed a region';
    }
    case 'delete':
      return 'deleted a region';
    case 'classify':
      return Object.entries(op.set)
        .map(([key, value]) => {
          if (value === null) return `took back the ${key}`;
          if (key === 'reason') return `wrote: ${String(value)}`;
          return `chose ${title(String(value))}`;
        })
        .join(', ');
    case 'comment':
      return `${op.parent === undefined ? 'commented' : 'replied'}: ${op.text}`;
    case 'resolve':
      return op.resolved ? 'resolved a thread' : 'opened a thread again';
    case 'hand':
      if (!op.raised) return 'took a raised hand down';
      return op.text === '' ? 'asked for help' : `asked for help: ${op.text}`;
    case 'replace':
      return 'put an answer on the layer';
    case 'submit':
      return op.blind ? 'submitted, blind' : 'submitted, seeing others’ answers';
    case 'withdraw':
      return 'took the submission back';
    case 'expose':
      return 'could see others’ answers from here on';
    case 'decide':
      return `decided: ${op.reason}`;
    case 'finalize':
      return `settled it (revision ${op.revision})`;
    case 'dispute':
      return 'called for a reviewer';
    case 'reopen':
      return `opened it again: ${op.reason}`;
  }
}
