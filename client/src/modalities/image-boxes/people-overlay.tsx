import { Index } from 'solid-js';
import type { OtherSelection, StagePresence } from '../presence.ts';
import { NameFlag } from '../shared/name-flag.tsx';
import { type Camera, toStage } from './camera.ts';
import type { Box } from './geometry.ts';
import type { DrawnBox } from './scene.ts';

/** Stage pixels between a box and the outline of who has it selected. */
const outlineGap = 3;
/** From one outline to the next around it. */
const nextGap = 6;

/** The others' cursors, and outlines around what they have selected or are changing, above the picture. */
export function PeopleOverlay(props: {
  presence: StagePresence;
  boxes: readonly DrawnBox[];
  camera: Camera;
}) {
  const outlined = (): (OtherSelection & { readonly box: Box; readonly gap: number })[] => {
    const { selections } = props.presence;
    // What is drawn is worked out on being asked: once, and not where nobody has anything selected.
    const boxes = selections.length === 0 ? [] : props.boxes;
    return selections.flatMap((other, i, all) => {
      const box = boxes.find((b) => b.id === other.id);
      if (box === undefined) return [];
      // Several who have the same box stand around each other.
      const before = all.slice(0, i).filter((earlier) => earlier.id === other.id).length;
      return [{ ...other, box, gap: outlineGap + before * nextGap }];
    });
  };
  return (
    <div class="pointer-events-none absolute inset-0 overflow-hidden">
      {/* By place in the list, so that an element moves instead of being made anew. */}
      <Index each={outlined()}>
        {(other) => {
          const at = () => toStage(props.camera, other().box);
          return (
            <div
              class="absolute rounded-[3px] border-2"
              style={{
                left: `${at().x - other().gap - 2}px`,
                top: `${at().y - other().gap - 2}px`,
                width: `${other().box.width * props.camera.scale + 2 * other().gap + 4}px`,
                height: `${other().box.height * props.camera.scale + 2 * other().gap + 4}px`,
                'border-color': other().color,
                'border-style': other().busy ? 'solid' : 'dashed',
              }}
              data-testid={other().busy ? 'held' : 'selected-by'}
            >
              <NameFlag
                who={other()}
                text={other().busy ? 'is changing this' : ''}
                class={`absolute right-0 ${other().gap > outlineGap ? 'bottom-full mb-0.5' : 'top-full mt-0.5'}`}
              />
            </div>
          );
        }}
      </Index>
      <Index each={props.presence.cursors}>
        {(cursor) => {
          const at = () => toStage(props.camera, cursor());
          return (
            <div
              class="absolute top-0 left-0 transition-transform duration-75 ease-linear"
              style={{ transform: `translate(${at().x}px, ${at().y}px)` }}
              data-testid="cursor"
            >
              <svg width="14" height="18" viewBox="0 0 14 18" aria-hidden="true">
                <path
                  d="M1 1v13l3.5-3.2L7 16.5l2.3-1-2.4-5.4h4.6z"
                  fill={cursor().color}
                  stroke="#fff"
                  stroke-width="1.2"
                  stroke-linejoin="round"
                />
              </svg>
              <NameFlag who={cursor()} class="absolute top-4 left-3" />
            </div>
          );
        }}
      </Index>
    </div>
  );
}
