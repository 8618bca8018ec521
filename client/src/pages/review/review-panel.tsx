import type { TaskDetail } from '@concord/core/protocol/resources';
import type { LayerId } from '@concord/core/records/ids';
import { For, Show } from 'solid-js';
import { plural } from '../../lib/format.ts';
import { classTitle, type StageProps, type Surface } from '../../modalities/surface.ts';
import { Comments } from '../../room/comments/comments.tsx';
import type { Conversation } from '../../room/comments/conversation.ts';
import type { PeopleBook } from '../../room/people-book.ts';
import type { LayerView, RoomModel } from '../../store/index.ts';
import { Button, Kbd, Markdown } from '../../ui/index.ts';
import { LabelList } from '../label/label-list.tsx';
import { PanelSection } from '../label/panel-section.tsx';
import { RegionList } from '../label/region-list.tsx';
import { AnswerCard } from './answer-card.tsx';
import type { Computed } from './computed.ts';
import { Decision } from './decision.tsx';
import { VoteBars } from './vote-bars.tsx';

/** Who said what, what it comes to, and the decision. */
export function ReviewPanel(props: {
  detail: TaskDetail;
  room: Readonly<RoomModel>;
  names: PeopleBook;
  conversation: Conversation;
  surface: Surface;
  stage: StageProps;
  people: readonly LayerView[];
  computed: Computed | null;
  basedOn: string | null;
  hidden: ReadonlySet<LayerId>;
  onToggle: (id: LayerId) => void;
  onTake: (layer: LayerView) => void;
  onTakeComputed: () => void;
  reason: string;
  onReason: (text: string) => void;
  busy: boolean;
  settled: boolean;
  onSettle: () => void;
}) {
  const models = () =>
    Object.values(props.room.layers).filter((l): l is LayerView => l?.id.startsWith('mdl_') === true);
  const titleOf = (answer: unknown): string =>
    typeof answer === 'string' ? classTitle(props.detail.project.schema, answer) : 'nothing';
  return (
    <aside
      class="flex max-h-[46dvh] w-full flex-col border-line bg-canvas max-lg:border-t lg:max-h-none lg:w-96 lg:border-l"
      aria-label="Answers and decision"
    >
      <div class="min-h-0 flex-1 overflow-y-auto">
        <PanelSection name="answers" title="Answers" count={props.people.length}>
          <Show when={props.surface.answerKey}>
            {(key) => (
              <VoteBars
                question={key()}
                schema={props.detail.project.schema}
                people={props.people}
                nameOf={props.names.displayOf}
                colorOf={props.names.colorOf}
              />
            )}
          </Show>
          <ol class="flex flex-col gap-2" data-testid="answers">
            <For each={props.people}>
              {(layer, i) => (
                <AnswerCard
                  layer={layer}
                  name={props.names.displayOf(layer.id)}
                  color={props.names.colorOf(layer.id)}
                  place={i() + 1}
                  all={props.people}
                  schema={props.detail.project.schema}
                  surface={props.surface}
                  chosen={props.basedOn === layer.id}
                  shown={!props.hidden.has(layer.id)}
                  disabled={!props.stage.editable}
                  onTake={() => props.onTake(layer)}
                  onToggle={props.surface.regions ? () => props.onToggle(layer.id) : undefined}
                />
              )}
            </For>
          </ol>
          <Show when={props.computed}>
            {(computed) => (
              <div class="mt-2 rounded-lg border border-dashed border-line-strong px-3 py-2.5">
                <div class="flex items-start gap-2">
                  <div class="min-w-0 flex-1">
                    <p class="text-sm font-medium">Together</p>
                    <p class="text-base break-words text-ink-2">
                      {computed().tie
                        ? 'No majority'
                        : props.surface.answerKey === undefined
                          ? computed().summary
                          : titleOf(computed().annotation.answers[props.surface.answerKey])}{' '}
                      <span class="text-sm text-ink-3">· {computed().reason}</span>
                    </p>
                  </div>
                  <Button size="sm" disabled={!props.stage.editable} onClick={() => props.onTakeComputed()}>
                    Start here <Kbd>C</Kbd>
                  </Button>
                </div>
              </div>
            )}
          </Show>
          <For each={models()}>
            {(layer) => (
              <p class="mt-2 px-1 text-sm text-ink-3">
                The model suggested{' '}
                {props.surface.answerKey === undefined
                  ? plural(layer.regions.length, 'region')
                  : titleOf(layer.answers[props.surface.answerKey])}
                .
              </p>
            )}
          </For>
        </PanelSection>
        <Show when={props.surface.regions}>
          <PanelSection name="labels" title="Labels">
            <LabelList stage={props.stage} />
          </PanelSection>
          <PanelSection name="agreed-regions" title="Agreed answer" count={props.stage.layer.regions.length}>
            <RegionList stage={props.stage} surface={props.surface} notes={props.conversation.notes()} />
          </PanelSection>
        </Show>
        <Show when={props.detail.project.guidelines.trim() !== ''}>
          <PanelSection name="review-guidelines" title="Guidelines" folded>
            <Markdown text={props.detail.project.guidelines} class="!text-base" />
          </PanelSection>
        </Show>
        <PanelSection
          name="review-comments"
          title="Comments"
          count={props.conversation.threads().length}
          unread={props.conversation.unread()}
          reveal={props.conversation.jump() !== null || props.conversation.addressee() !== null}
        >
          <Comments
            stage={props.stage}
            surface={props.surface}
            people={props.names}
            conversation={props.conversation}
          />
        </PanelSection>
      </div>
      <Decision
        reason={props.reason}
        onReason={props.onReason}
        busy={props.busy}
        settled={props.settled}
        finalization={props.detail.finalizations?.at(-1)}
        onSettle={props.onSettle}
      />
    </aside>
  );
}
