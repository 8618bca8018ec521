import type { ClassDef } from '@concord/core/records/label-schema';

/** What is wrong with each class of a schema being edited, row by row; the server checks the same. */
export interface ClassProblem {
  readonly name?: string;
  readonly hotkey?: string;
}

export function classProblems(classes: readonly ClassDef[]): readonly ClassProblem[] {
  const names = classes.map((c) => c.name.trim());
  return classes.map((c, i) => {
    const name = names[i]!;
    const twin = names.findIndex((other, j) => j !== i && other === name && name !== '');
    const clash = classes.findIndex(
      (other, j) => j !== i && c.hotkey !== undefined && other.hotkey === c.hotkey,
    );
    return {
      ...(name === ''
        ? { name: 'Give it a name.' }
        : twin >= 0
          ? { name: 'Another class has this name.' }
          : {}),
      ...(clash >= 0 ? { hotkey: `${c.hotkey} is also the key of ${names[clash] || 'another class'}.` } : {}),
    };
  });
}

/** Keys as people will press them: the chosen ones, and 1–9 in order for the rest, skipping those taken. */
export function effectiveHotkeys(classes: readonly ClassDef[]): readonly (string | null)[] {
  const taken = new Set(classes.map((c) => c.hotkey).filter((k) => k !== undefined));
  const free = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].filter((k) => !taken.has(k));
  return classes.map((c) => c.hotkey ?? free.shift() ?? null);
}

/** Class definitions as the server takes them: trimmed, without empty optional parts. */
export function cleanClasses(classes: readonly ClassDef[]): ClassDef[] {
  return classes.map((c) => ({
    name: c.name.trim(),
    color: c.color,
    ...(c.title?.trim() ? { title: c.title.trim() } : {}),
    ...(c.hotkey ? { hotkey: c.hotkey } : {}),
    ...(c.description?.trim() ? { description: c.description.trim() } : {}),
  }));
}
