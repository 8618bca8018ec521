import type { PublicUser } from '@concord/core/records/user';
import { initialsOf, inkOn } from '../lib/people.ts';

/** A person's initials on their own colour. `size` in CSS pixels. */
export function Avatar(props: {
  user: Pick<PublicUser, 'display' | 'color'>;
  size?: number;
  title?: string;
}) {
  const size = () => props.size ?? 28;
  return (
    <span
      class="inline-grid shrink-0 place-items-center rounded-full font-semibold select-none"
      style={{
        width: `${size()}px`,
        height: `${size()}px`,
        'font-size': `${Math.round(size() * 0.4)}px`,
        background: props.user.color,
        color: inkOn(props.user.color),
      }}
      title={props.title ?? props.user.display}
      role="img"
      aria-label={props.user.display}
    >
      {initialsOf(props.user.display)}
    </span>
  );
}
