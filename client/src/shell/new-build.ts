const key = 'concord.reloaded-at';
/** A second failure this soon after a reload is no new build; it is shown instead. */
const againAfterMs = 30_000;

/**
 * A server that was updated under an open page no longer has that page's parts. Then the page is loaded anew, once:
 * rooms keep what is unsent on the device, so nothing is lost by it.
 */
export function reloadOnNewBuild(): void {
  addEventListener('vite:preloadError', (event) => {
    try {
      const now = Date.now();
      if (!navigator.onLine || now - Number(sessionStorage.getItem(key) ?? 0) < againAfterMs) return;
      sessionStorage.setItem(key, String(now));
    } catch {
      // Without storage nothing says that this was tried before, and a page must not reload for ever.
      return;
    }
    event.preventDefault();
    location.reload();
  });
}
