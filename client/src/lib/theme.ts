import { createSignal } from 'solid-js';

export type ThemeChoice = 'system' | 'light' | 'dark';
const key = 'concord.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage may be forbidden; the system's theme is then the only choice
  }
}

const [choice, setChoice] = createSignal<ThemeChoice>(stored());
const [systemIsDark, setSystemIsDark] = createSignal(systemDark.matches);
systemDark.addEventListener('change', () => {
  setSystemIsDark(systemDark.matches);
  apply();
});

/** What the person chose; `system` follows the device. */
export const themeChoice = choice;
/** What is shown now. */
export const theme = (): 'light' | 'dark' => {
  const chosen = choice();
  return chosen === 'system' ? (systemIsDark() ? 'dark' : 'light') : chosen;
};

function apply(): void {
  document.documentElement.dataset['theme'] = theme();
}

/** Shows a theme and remembers it on this device. public/theme.js applies it before the next first paint. */
export function chooseTheme(next: ThemeChoice): void {
  setChoice(next);
  try {
    if (next === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch {
    // Not stored: the choice holds until the page is closed.
  }
  apply();
}
