export { createOutboxPump, type OutboxPump } from './outbox-pump.ts';
export { type Consequence, factsOf, type Item, settleItem } from './settle-item.ts';
export {
  createSettlement,
  type Decision,
  type Settlement,
  type SettlementPlan,
  type Subject,
} from './settlement.ts';
export { standingOf, submissionsOf } from './task-submissions.ts';
