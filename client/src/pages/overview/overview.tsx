import { Show } from 'solid-js';
import { useProject } from '../../shell/project-context.ts';
import { iMay } from '../../shell/session.ts';
import { Page } from '../../ui/page.tsx';
import { Figures } from './figures.tsx';
import { FirstSteps } from './first-steps.tsx';
import { HowToLabel } from './how-to-label.tsx';
import { Volume } from './volume.tsx';

/** A project at a glance: volume for everybody, live figures for reviewers and leads, the guidelines for labellers. */
export function Overview() {
  const { summary } = useProject();
  return (
    <Page>
      <div class="flex flex-col gap-4">
        <Show when={summary().tasks > 0} fallback={<FirstSteps />}>
          <Volume />
        </Show>
        <Show when={iMay('see-quality') && summary().tasks > 0}>
          <Figures />
        </Show>
        <HowToLabel />
      </div>
    </Page>
  );
}
