import type { Rules, Visibility } from '@concord/core/records/project';
import { percent } from '../../lib/format.ts';
import { rulesInWords, visibilityWords } from '../../lib/rules-words.ts';
import { ChoiceCards, Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { NumberField } from './number-field.tsx';
import type { ProjectEditor } from './project-editor.ts';

const visibilities = Object.entries(visibilityWords) as [Visibility, { title: string; hint: string }][];
const minuteMs = 60_000;

/** When a task is settled, and what people see of each other meanwhile; with the outcome in words. */
export function RulesSection(props: { editor: ProjectEditor }) {
  const rules = () => props.editor.draft.rules;
  const set = (patch: Partial<Rules>) => props.editor.set('rules', (before) => ({ ...before, ...patch }));
  return (
    <Section title="Rules" note="when a task is settled">
      <p class="mb-5 rounded-md bg-accent-soft px-4 py-3 text-pretty text-accent-ink" aria-live="polite">
        {rulesInWords(rules())}
      </p>
      <div class="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <NumberField
          label="At least"
          unit={rules().overlap.min === 1 ? 'answer to each task' : 'answers to each task'}
          min={1}
          max={50}
          value={rules().overlap.min}
          onChange={(min) => set({ overlap: { min, max: Math.max(min, rules().overlap.max) } })}
        />
        <NumberField
          label="At most"
          unit={rules().overlap.max === 1 ? 'answer' : 'answers'}
          min={1}
          max={50}
          value={rules().overlap.max}
          error={rules().overlap.max < rules().overlap.min ? 'Fewer than the least number.' : undefined}
          onChange={(max) => set({ overlap: { ...rules().overlap, max } })}
        />
        <ShareField
          label="Agreement needed"
          hint="Mean likeness of each two of the first answers; below it, more people are asked."
          value={rules().minAgreement}
          onChange={(minAgreement) => set({ minAgreement })}
        />
        <ShareField
          label="Confidence needed"
          hint="How sure the joint answer is."
          value={rules().minConfidence}
          onChange={(minConfidence) => set({ minConfidence })}
        />
      </div>
      <div class="mt-6 flex flex-col gap-6">
        <ChoiceCards
          label="Joint answer"
          class="sm:grid-cols-2"
          value={rules().consensus}
          onChange={(consensus) => set({ consensus })}
          choices={[
            { value: 'majority', label: 'Majority', hint: 'Everybody counts the same.' },
            {
              value: 'weighted',
              label: 'Weighted',
              hint: 'People whose earlier answers were mostly right count for more.',
            },
          ]}
        />
        <ChoiceCards
          label="Who sees whose labels"
          value={props.editor.draft.visibility}
          onChange={(visibility) => props.editor.set('visibility', visibility)}
          choices={visibilities.map(([value, words]) => ({ value, label: words.title, hint: words.hint }))}
        />
        <NumberField
          label="Hold a task for"
          unit="minutes after the last sign of work"
          hint="Then it goes back to the queue; what was done stays with the person."
          min={1}
          max={1440}
          value={Math.max(1, Math.round(rules().leaseMs / minuteMs))}
          onChange={(minutes) => set({ leaseMs: minutes * minuteMs })}
        />
      </div>
    </Section>
  );
}

function ShareField(props: {
  label: string;
  hint: string;
  value: number;
  onChange: (share: number) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(ids) => (
        <span class="flex h-8.5 items-center gap-3">
          <input
            {...ids}
            type="range"
            min="0"
            max="1"
            step="0.05"
            class="min-w-0 flex-1 accent-accent"
            value={props.value}
            onInput={(e) => props.onChange(Number(e.currentTarget.value))}
          />
          <output class="w-12 text-right font-medium tabular-nums">{percent(props.value)}</output>
        </span>
      )}
    </Field>
  );
}
