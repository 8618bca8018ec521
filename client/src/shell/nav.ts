import Bell from 'lucide-solid/icons/bell';
import FolderOpen from 'lucide-solid/icons/folder-open';
import Gavel from 'lucide-solid/icons/gavel';
import UserRound from 'lucide-solid/icons/user-round';
import UsersRound from 'lucide-solid/icons/users-round';
import { iMay } from './session.ts';

export interface NavEntry {
  readonly href: string;
  readonly label: string;
  readonly icon: typeof FolderOpen;
  /** Also current on addresses that begin with these. */
  readonly under: readonly string[];
  /** Only in the bar at the bottom of small screens. */
  readonly small?: boolean;
}

/** The places this person may go to. */
export function navEntries(): readonly NavEntry[] {
  return [
    { href: '/', label: 'Projects', icon: FolderOpen, under: ['/projects/', '/new'] },
    ...(iMay('review') ? [{ href: '/disputes', label: 'Disputes', icon: Gavel, under: [] }] : []),
    ...(iMay('see-people') ? [{ href: '/people', label: 'People', icon: UsersRound, under: [] }] : []),
    { href: '/notifications', label: 'For me', icon: Bell, under: [], small: true },
    { href: '/account', label: 'Account', icon: UserRound, under: [], small: true },
  ];
}

export function isCurrent(entry: NavEntry, path: string): boolean {
  return path === entry.href || entry.under.some((start) => path.startsWith(start));
}
