import { createAsync, revalidate } from '@solidjs/router';
import { For, onMount, Show } from 'solid-js';
import { coefficient, count, percent } from '../lib/format.ts';
import { createThrottle, useTopic } from '../live/index.ts';
import { readModels, readQuality, readThroughput } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { iMay } from '../shell/session.ts';
import { LinkButton } from '../ui/button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { StackedBar } from '../ui/progress.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { ThroughputPlot } from './throughput-plot.tsx';

const HOURS = 48;

/** Volume, speed and agreement of a project, moving while people work. */
export function Overview() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const quality = createAsync(async () => (iMay('see-quality') ? readQuality(id()) : undefined));
  const hours = createAsync(async () => (iMay('see-quality') ? readThroughput(id(), HOURS) : undefined));
  const models = createAsync(async () => (iMay('see-quality') ? readModels(id()) : undefined));
  const again = createThrottle(
    () => void revalidate([readQuality.key, readThroughput.key, readModels.key]),
    1500,
  );
  useTopic(() => (iMay('see-quality') ? `project:${id()}` : undefined), again, again);
  onMount(() => document.title);
  return (
    <Page>
      <div class="grid gap-4 lg:grid-cols-2">
        <Section
          title="Volume"
          class="lg:col-span-2"
          actions={
            <LinkButton kind="primary" href={`/label/${id()}`}>
              Label
            </LinkButton>
          }
        >
          <StackedBar
            label="Tasks by state"
            class="h-2.5"
            parts={[
              { label: 'settled', count: summary().finalized, color: 'var(--accent)' },
              { label: 'disputed', count: summary().disputed, color: 'var(--warn)' },
              { label: 'open', count: summary().open, color: 'var(--open)' },
            ]}
          />
          <dl class="mt-4 grid grid-cols-2 gap-4 sm:grid-cols-5">
            <For
              each={
                [
                  ['Tasks', summary().tasks],
                  ['Open', summary().open],
                  ['Disputed', summary().disputed],
                  ['Settled', summary().finalized],
                  ['Submissions', summary().submissions],
                ] as const
              }
            >
              {([name, value]) => (
                <div>
                  <dt class="text-sm text-ink-3">{name}</dt>
                  <dd class="text-xl tabular-nums">{count(value)}</dd>
                </div>
              )}
            </For>
          </dl>
        </Section>
        <Show when={quality()}>
          {(q) => (
            <>
              <Section
                title="Agreement"
                note={`${count(q().items)} items with two or more blind submissions`}
              >
                <dl class="grid grid-cols-2 gap-x-6 gap-y-4">
                  <For
                    each={
                      [
                        ['Item agreement', q().itemAgreement, 'mean over items'],
                        ["Krippendorff's alpha", q().alpha, 'chance-corrected, nominal'],
                        ["Fleiss' kappa", q().fleiss, 'chance-corrected'],
                        ["Gwet's AC1", q().ac1, 'steady with lopsided classes'],
                      ] as const
                    }
                  >
                    {([name, value, note]) => (
                      <div>
                        <dt class="text-sm text-ink-3">{name}</dt>
                        <dd class="text-xl tabular-nums">
                          {value === null ? (
                            <span class="text-base text-ink-3">not enough variation yet</span>
                          ) : (
                            coefficient(value)
                          )}
                        </dd>
                        <dd class="text-sm text-ink-3">{note}</dd>
                      </div>
                    )}
                  </For>
                </dl>
              </Section>
              <Section title="Items by agreement" note="from 0 to 1">
                <Histogram bins={q().histogram} />
              </Section>
              <Section title="Classes" note="votes, and settled answers">
                <Table
                  label="Classes"
                  head={
                    <>
                      <Th>Class</Th>
                      <Th right>Votes</Th>
                      <Th right>Settled</Th>
                    </>
                  }
                >
                  <For each={q().classes}>
                    {(c) => (
                      <tr>
                        <Td>{c.name}</Td>
                        <Td right>{count(c.votes)}</Td>
                        <Td right>{count(c.final)}</Td>
                      </tr>
                    )}
                  </For>
                </Table>
              </Section>
            </>
          )}
        </Show>
        <Show when={hours()}>
          {(list) => (
            <Section title="Throughput" note={`per hour, last ${HOURS} hours`}>
              <ThroughputPlot hours={list()} />
            </Section>
          )}
        </Show>
        <Show when={(models()?.length ?? 0) > 0}>
          <Section title="Models" note="how people took their suggestions" class="lg:col-span-2">
            <Table
              label="Models"
              head={
                <>
                  <Th>Model</Th>
                  <Th right>Version</Th>
                  <Th right>Trained on</Th>
                  <Th right>Accuracy</Th>
                  <Th right>Accepted</Th>
                  <Th right>Edited</Th>
                  <Th right>Rejected</Th>
                </>
              }
            >
              <For each={models()}>
                {(m) => (
                  <tr>
                    <Td>{m.name}</Td>
                    <Td right>{m.version}</Td>
                    <Td right>{count(m.trainedOn)}</Td>
                    <Td right>{m.accuracy === null ? '–' : percent(m.accuracy)}</Td>
                    <Td right>{count(m.accepted)}</Td>
                    <Td right>{count(m.edited)}</Td>
                    <Td right>{count(m.rejected)}</Td>
                  </tr>
                )}
              </For>
            </Table>
          </Section>
        </Show>
      </div>
    </Page>
  );
}

function Histogram(props: { bins: readonly number[] }) {
  const top = () => Math.max(1, ...props.bins);
  return (
    <div
      class="flex h-32 items-end gap-1"
      role="img"
      aria-label={`Items by agreement in ten bins: ${props.bins.join(', ')}`}
    >
      <For each={props.bins}>
        {(n, i) => (
          <div class="flex h-full flex-1 flex-col justify-end text-center text-xs text-ink-3">
            <div
              class="min-h-px rounded-t-sm bg-accent"
              style={{ height: `${(100 * n) / top()}%` }}
              title={`${n} items`}
            />
            <span>{(i() / 10).toFixed(1)}</span>
          </div>
        )}
      </For>
    </div>
  );
}
