import type { JSX } from 'solid-js';
import { Logo } from './logo.tsx';

/** Around the pages one sees before being signed in. */
export function EntryFrame(props: { title: string; note?: JSX.Element; children: JSX.Element }) {
  return (
    <main class="grid min-h-full place-items-center px-4 py-10">
      <div class="w-full max-w-sm">
        <div class="mb-8 flex items-center justify-center gap-3 text-xl font-semibold tracking-tight">
          <Logo size={34} />
          Concord
        </div>
        <div class="card p-6">
          <h1 class="text-lg">{props.title}</h1>
          <div class="mt-1 mb-5 text-ink-2">{props.note}</div>
          {props.children}
        </div>
      </div>
    </main>
  );
}
