// Runs before the first paint, so that a stored theme never flashes. Kept in step with src/lib/theme.ts.
(() => {
  let stored = null;
  try {
    stored = localStorage.getItem('concord.theme');
  } catch {}
  const dark =
    stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
