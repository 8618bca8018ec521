import { useNavigate } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import LogOut from 'lucide-solid/icons/log-out';
import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { Show } from 'solid-js';
import { roleNames } from '../lib/permissions.ts';
import { chooseTheme, type ThemeChoice, themeChoice } from '../lib/theme.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';
import { showError } from '../ui/toast.tsx';
import { currentUser, signOut } from './session.ts';

const themes: readonly { value: ThemeChoice; label: string; icon: typeof Sun }[] = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'As the device', icon: Monitor },
];

/** Who is signed in; account, theme and sign-out behind it. */
export function AccountMenu() {
  const navigate = useNavigate();
  return (
    <Show when={currentUser()}>
      {(user) => (
        <Menu
          label="Account"
          placement="top-start"
          triggerClass="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover"
          trigger={
            <>
              <Avatar user={user()} size={28} />
              <span class="min-w-0">
                <span class="block truncate text-sm font-medium">{user().display}</span>
                <span class="block truncate text-xs text-ink-3">{roleNames[user().role].title}</span>
              </span>
            </>
          }
        >
          <MenuItem icon={<KeyRound size={15} />} onSelect={() => navigate('/account')}>
            Account and API keys
          </MenuItem>
          <MenuSeparator />
          <MenuLabel>Theme</MenuLabel>
          {themes.map((t) => (
            <MenuItem icon={<t.icon size={15} />} onSelect={() => chooseTheme(t.value)}>
              {t.label}
              <Show when={themeChoice() === t.value}>
                <span class="ml-auto text-accent">✓</span>
              </Show>
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem icon={<LogOut size={15} />} onSelect={() => void signOut().catch(showError)}>
            Sign out
          </MenuItem>
        </Menu>
      )}
    </Show>
  );
}
