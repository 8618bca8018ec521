/** Somebody who can be mentioned. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
  readonly display: string;
}

/** A mention that is being written: where its @ stands, and what follows up to the caret. */
export interface MentionQuery {
  readonly start: number;
  readonly query: string;
}

/** The mention that the caret stands in; null when it stands in none. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const match = /(?:^|[\s(])@([^@\n]{0,40})$/.exec(text.slice(0, caret));
  const query = match?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** Whom a query may mean, who begins with it first. */
export function matching<P extends Mentionable>(people: readonly P[], query: string, most = 6): P[] {
  const wanted = query.toLowerCase();
  const rank = (person: P): number => {
    const [display, name] = [person.display.toLowerCase(), person.name];
    if (display.startsWith(wanted) || name.startsWith(wanted)) return 0;
    return display.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((found) => found.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((found) => found.person);
}

/** The text with the mention written out, and where the caret stands then. */
export function withMention(
  text: string,
  { start, query }: MentionQuery,
  display: string,
): { readonly text: string; readonly caret: number } {
  const written = `@${display} `;
  const rest = text.slice(start + 1 + query.length).replace(/^ /, '');
  return { text: text.slice(0, start) + written + rest, caret: start + written.length };
}

/**
 * Who is mentioned in a finished text. Where several have the name that stands there, those who were `chosen` from
 * the list are meant, and all of them when none was.
 */
export function mentionsIn(
  text: string,
  people: readonly Mentionable[],
  chosen: ReadonlySet<string>,
): string[] {
  const byName = new Map<string, string[]>();
  for (const { id, display } of people) byName.set(display, [...(byName.get(display) ?? []), id]);
  // Longer names first, so that "@Ada Lovelace" does not mention Ada as well.
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  const found: string[] = [];
  let left = text;
  for (const name of names) {
    if (!left.includes(`@${name}`)) continue;
    left = left.replaceAll(`@${name}`, ' ');
    const all = byName.get(name) ?? [];
    const meant = all.filter((id) => chosen.has(id));
    found.push(...(meant.length > 0 ? meant : all));
  }
  return found;
}

/** A text cut where somebody is mentioned. */
export function cutAtMentions(
  text: string,
  displays: readonly string[],
): { readonly text: string; readonly mention: boolean }[] {
  const names = [...new Set(displays)].sort((a, b) => b.length - a.length);
  if (names.length === 0) return [{ text, mention: false }];
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text
    .split(new RegExp(`(@(?:${escaped.join('|')}))`))
    .filter((part) => part !== '')
    .map((part) => ({ text: part, mention: names.some((name) => part === `@${name}`) }));
}
