import type { JSX } from 'solid-js';
import { cx } from '../lib/class-names.ts';

/** A table in a card that scrolls sideways by itself when it must. */
export function Table(props: { head: JSX.Element; children: JSX.Element; label: string; class?: string }) {
  return (
    <div class={cx('card overflow-x-auto', props.class)}>
      <table class="w-full border-collapse text-base" aria-label={props.label}>
        <thead class="border-b border-line text-left">
          <tr>{props.head}</tr>
        </thead>
        <tbody class="divide-y divide-line">{props.children}</tbody>
      </table>
    </div>
  );
}

export function Th(props: { children?: JSX.Element; class?: string; right?: boolean }) {
  return (
    <th
      scope="col"
      class={cx(
        'px-3 py-2 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4',
        props.right && 'text-right',
        props.class,
      )}
    >
      {props.children}
    </th>
  );
}

export function Td(props: { children?: JSX.Element; class?: string; right?: boolean; title?: string }) {
  return (
    <td
      title={props.title}
      class={cx(
        'px-3 py-2 align-middle first:pl-4 last:pr-4',
        props.right && 'text-right tabular-nums',
        props.class,
      )}
    >
      {props.children}
    </td>
  );
}

/** A column's head that sorts by it. */
export function SortableTh(props: {
  children: JSX.Element;
  order: 'ascending' | 'descending' | 'none';
  onSort: () => void;
  right?: boolean;
  class?: string;
}) {
  return (
    <th
      scope="col"
      aria-sort={props.order}
      class={cx('px-3 py-1 first:pl-4 last:pr-4', props.right && 'text-right', props.class)}
    >
      <button
        type="button"
        class={cx(
          'inline-flex items-center gap-1 rounded-sm py-1 text-xs font-medium whitespace-nowrap hover:text-ink',
          props.order === 'none' ? 'text-ink-3' : 'text-ink',
        )}
        onClick={() => props.onSort()}
      >
        {props.children}
        <span class="w-2.5 text-2xs" aria-hidden="true">
          {props.order === 'ascending' ? '↑' : props.order === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}
