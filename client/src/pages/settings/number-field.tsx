import { Show } from 'solid-js';
import { Field, Input } from '../../ui/field.tsx';

/** A whole number with its unit. What is not one while it is typed changes nothing. */
export function NumberField(props: {
  label: string;
  unit?: string;
  hint?: string;
  error?: string | undefined;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(ids) => (
        <span class="flex items-center gap-2.5">
          <Input
            {...ids}
            type="number"
            inputmode="numeric"
            class="w-24! tabular-nums"
            min={props.min}
            max={props.max}
            step={1}
            value={props.value}
            onInput={(e) => {
              const n = e.currentTarget.valueAsNumber;
              if (Number.isInteger(n) && n >= props.min && n <= props.max) props.onChange(n);
            }}
            onBlur={(e) => {
              e.currentTarget.value = String(props.value);
            }}
          />
          <Show when={props.unit}>
            <span class="text-ink-2">{props.unit}</span>
          </Show>
        </span>
      )}
    </Field>
  );
}
