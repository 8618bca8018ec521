import type { Metrics } from '@concord/platform/observability/metrics';
import { tellProblem } from '../../incident.ts';
import type { Platform } from '../../platform.ts';
import type { ProblemOf } from './guard.ts';

/** What senders are told, counted by event and code [PR10]. */
export function createProblems(platform: Platform, metrics: Metrics): ProblemOf {
  const refused = metrics.counter(
    'concord_socket_refusals_total',
    'Socket messages answered with a problem',
    ['event', 'code'],
  );
  return (error, event) => {
    const problem = tellProblem(platform, error, event);
    refused.inc({ event, code: problem.code });
    return problem;
  };
}
