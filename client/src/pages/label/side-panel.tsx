import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { StageProps, Surface } from '../../modalities/surface.ts';
import { Comments } from '../../room/comments/comments.tsx';
import type { Conversation } from '../../room/comments/conversation.ts';
import type { PeopleBook } from '../../room/people-book.ts';
import { IconButton, Markdown } from '../../ui/index.ts';
import { LabelList } from './label-list.tsx';
import { PanelSection } from './panel-section.tsx';
import { RegionList } from './region-list.tsx';
import { Suggestions } from './suggestions.tsx';

/** Beside the stage (below it where there is no room): labels, suggestions, regions, what is known of the item, guidelines, comments. */
export function SidePanel(props: {
  stage: StageProps;
  surface: Surface;
  people: PeopleBook;
  conversation: Conversation;
  guidelines: string;
  /** Columns beside the data that this project shows. */
  columns: readonly (readonly [name: string, value: unknown])[];
  threshold: number;
  onThreshold: (value: number) => void;
  suggestionCount: number;
  rejectedCount: number;
  onShowRejected: () => void;
  onClose: () => void;
}) {
  return (
    <aside
      class="relative flex max-h-[34dvh] sm:max-h-[42dvh] w-full flex-col overflow-y-auto border-line bg-canvas max-lg:border-t lg:max-h-none lg:w-80 lg:border-l xl:w-88"
      aria-label="Guidelines, labels and notes"
    >
      <IconButton
        label="Close"
        size="sm"
        class="absolute top-1.5 right-2 z-10 lg:hidden"
        onClick={() => props.onClose()}
      >
        <X size={16} aria-hidden="true" />
      </IconButton>
      <Show when={props.surface.regions}>
        <PanelSection name="labels" title="Labels">
          <LabelList stage={props.stage} />
        </PanelSection>
        <Show when={props.suggestionCount + props.rejectedCount > 0}>
          <PanelSection name="suggestions" title="Suggestions" count={props.stage.suggestions.length}>
            <Suggestions {...props} />
          </PanelSection>
        </Show>
        <PanelSection name="regions" title="Regions" count={props.stage.layer.regions.length}>
          <RegionList stage={props.stage} surface={props.surface} notes={props.conversation.notes()} />
        </PanelSection>
      </Show>
      <Show when={props.columns.length > 0}>
        <PanelSection name="columns" title="About this item">
          <dl class="flex flex-col gap-2">
            <For each={props.columns}>
              {([name, value]) => (
                <div>
                  <dt class="text-xs text-ink-3">{name}</dt>
                  <dd class="break-words">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                </div>
              )}
            </For>
          </dl>
        </PanelSection>
      </Show>
      <Show when={props.guidelines.trim() !== ''}>
        <PanelSection name="guidelines" title="Guidelines">
          <div data-testid="guidelines">
            <Markdown text={props.guidelines} class="!text-base" />
          </div>
        </PanelSection>
      </Show>
      <PanelSection
        name="comments"
        title="Comments"
        count={props.conversation.threads().length}
        unread={props.conversation.unread()}
        reveal={props.conversation.jump() !== null}
        folded
      >
        <Comments
          stage={props.stage}
          surface={props.surface}
          people={props.people}
          conversation={props.conversation}
        />
      </PanelSection>
    </aside>
  );
}
