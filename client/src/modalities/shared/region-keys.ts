import { hotkeysOf, type StageProps } from '../surface.ts';

/** Whether an id names a suggestion (`<layer>/<region>`) and not a region of one's own. */
export function isSuggestionKey(id: string): boolean {
  return id.includes('/');
}

export function removeRegion(stage: StageProps, id: string): void {
  if (!stage.editable) return;
  stage.dispatch([{ t: 'delete', id }]);
  stage.onSelect(null);
}

/** Gives the selected region another class, or makes the class the one for new regions. */
export function applyClass(stage: StageProps, name: string): void {
  const own = stage.layer.regions.find((r) => r.id === stage.selected);
  if (own === undefined) {
    stage.onActiveClass(name);
    return;
  }
  if (stage.editable && own.label !== name)
    stage.dispatch([{ t: 'update', id: own.id, set: { label: name } }]);
}

export function classOfKey(stage: StageProps, key: string): string | undefined {
  return [...hotkeysOf(stage.schema.classes)].find(([, hotkey]) => hotkey === key)?.[0];
}

/** The region or suggestion after (or before) the selected one, in the order of the lists. */
function step(stage: StageProps, by: 1 | -1): void {
  const ids = [...stage.layer.regions.map((r) => r.id), ...stage.suggestions.map((s) => s.key)];
  if (ids.length === 0) return;
  const at = stage.selected === null ? -1 : ids.indexOf(stage.selected);
  const next = at < 0 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
  stage.onSelect(ids[next]!);
}

/**
 * The keys that all work on regions shares: classes, taking and refusing suggestions, next and previous, delete.
 * True when the key was one of them.
 */
export function handleRegionKey(stage: StageProps, key: string): boolean {
  const selected = stage.selected;
  const suggestion = stage.suggestions.find((s) => s.key === selected)?.key ?? null;
  switch (key) {
    case 'j':
      step(stage, 1);
      return true;
    case 'k':
      step(stage, -1);
      return true;
    case 'escape':
      if (selected === null) return false;
      stage.onSelect(null);
      return true;
    case 'a':
    case 'enter':
      if (!stage.editable || (suggestion === null && key === 'enter')) return false;
      return takeOrRefuse(stage, suggestion, stage.accept);
    case 'x':
    case 'r':
      return stage.editable && takeOrRefuse(stage, suggestion, stage.reject);
    case 'shift+a':
      if (!stage.editable || stage.suggestions.length === 0) return false;
      stage.accept(stage.suggestions.map((s) => s.key));
      return true;
    case 'delete':
    case 'backspace':
      if (!stage.editable) return false;
      if (suggestion !== null) return takeOrRefuse(stage, suggestion, stage.reject);
      if (!stage.layer.regions.some((r) => r.id === selected)) return false;
      removeRegion(stage, selected ?? '');
      return true;
  }
  const name = classOfKey(stage, key);
  if (name === undefined) return false;
  applyClass(stage, name);
  return true;
}

/** Answers one suggestion, the first where none is selected, and goes on to the one after it. */
function takeOrRefuse(
  stage: StageProps,
  selected: string | null,
  answer: (keys: readonly string[]) => void,
): boolean {
  const keys = stage.suggestions.map((s) => s.key);
  const key = selected ?? keys[0];
  if (key === undefined) return false;
  const at = keys.indexOf(key);
  const next = keys[at + 1] ?? keys[at - 1] ?? null;
  answer([key]);
  stage.onSelect(next);
  return true;
}
