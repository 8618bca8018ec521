import { createAsync, revalidate } from '@solidjs/router';
import { createSignal, Show, useTransition } from 'solid-js';
import { createThrottle, useTopic } from '../../live/index.ts';
import { readAnnotators, readModels, readPairs, readQuality, readThroughput } from '../../reads/queries.ts';
import { useProject } from '../../shell/project-context.ts';
import { Segments } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { AgreementFigures } from './agreement-figures.tsx';
import { AgreementHistogram } from './agreement-histogram.tsx';
import { ClassShares } from './class-shares.tsx';
import { ModelAcceptance } from './model-acceptance.tsx';
import { PairKappas } from './pair-kappas.tsx';
import { ThroughputPlot } from './throughput-plot.tsx';

const spans = [
  { value: '48', label: '48 hours' },
  { value: '168', label: '7 days' },
] as const;

/** More pairs than this would not be read. */
const pairsShown = 8;

/** Speed, agreement, classes and models, fetched anew as the project moves (at most every 1.5 s; pairs every 30 s). */
export function Figures() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const [span, setSpan] = createSignal<(typeof spans)[number]['value']>('48');
  const [, transition] = useTransition();
  const quality = createAsync(() => readQuality(id()));
  const hours = createAsync(() => readThroughput(id(), Number(span())));
  const models = createAsync(() => readModels(id()));
  const people = createAsync(() => readAnnotators(id()));
  const again = createThrottle(
    () => void revalidate([readQuality.key, readThroughput.key, readModels.key, readAnnotators.key]),
    1500,
  );
  const pairs = createAsync(() => readPairs(id(), pairsShown));
  const pairsAgain = createThrottle(() => void revalidate(readPairs.key), 30_000);
  useTopic(() => `project:${id()}`, again, again);
  useTopic(() => `project:${id()}`, pairsAgain);

  return (
    <div class="grid grid-cols-1 gap-4 lg:grid-cols-12">
      <Section
        title="Throughput"
        note="per hour"
        class="lg:col-span-8"
        actions={
          <Segments
            label="Span of time"
            value={span()}
            choices={spans}
            onChange={(next) => void transition(() => setSpan(next))}
          />
        }
      >
        <ThroughputPlot hours={hours() ?? []} />
      </Section>
      <Show when={quality()}>
        {(q) => (
          <>
            <Section title="Items by agreement" class="lg:col-span-4">
              <AgreementHistogram
                bins={q().histogram}
                items={q().items}
                threshold={summary().project.rules.minAgreement}
              />
            </Section>
            <Section title="Agreement" note="of answers given blind" class="lg:col-span-12">
              <AgreementFigures quality={q()} />
            </Section>
            <Section title="Classes" note="share of votes and of settled answers" class="lg:col-span-7">
              <ClassShares classes={q().classes} schema={summary().project.schema} />
            </Section>
            <Section title="Pairs of people" note="Cohen’s kappa, lowest first" class="lg:col-span-5">
              <PairKappas pairs={pairs()?.items ?? []} total={pairs()?.total ?? 0} people={people() ?? []} />
            </Section>
          </>
        )}
      </Show>
      <Section title="Models" note="how people took their suggestions" class="lg:col-span-12">
        <ModelAcceptance models={models() ?? []} retrainEvery={summary().project.retrainEvery} />
      </Section>
    </div>
  );
}
