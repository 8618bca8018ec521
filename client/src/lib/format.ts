const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 12,345 */
export function count(n: number): string {
  return whole.format(n);
}
/** 12.3K, for narrow places. */
export function shortCount(n: number): string {
  return n < 10_000 ? whole.format(n) : compact.format(n);
}
/** "1 task", "3 tasks". The plural is the singular with s unless given. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}
/** 0.8731 as 87 %; small shares keep a digit. Null is an en dash. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)}%`;
}
/** A coefficient with two digits; null is an en dash, the minus sign a real one. */
export function coefficient(value: number | null): string {
  return value === null ? '–' : value.toFixed(2).replace(/^-/, '−');
}
/** 1536 as 1.5 kB. Units of 1000. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
/** A length of time in its largest fitting unit: 850 ms, 12 s, 3 min 20 s, 2 h 5 min, 3 d. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${ms < 9950 ? (ms / 1000).toFixed(1) : s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return s % 60 === 0 ? `${min} min` : `${min} min ${s % 60} s`;
  const h = Math.floor(min / 60);
  if (h < 48) return min % 60 === 0 ? `${h} h` : `${h} h ${min % 60} min`;
  return `${Math.floor(h / 24)} d`;
}
/** How long ago, in one word and a unit: "just now", "5 min ago", "3 h ago", "2 d ago". */
export function ago(at: number, now: number): string {
  const min = Math.floor((now - at) / 60_000);
  if (min < 1) return 'just now';
  if (min < 60) return `${min} min ago`;
  const h = Math.floor(min / 60);
  if (h < 48) return `${h} h ago`;
  const d = Math.floor(h / 24);
  return d < 60 ? `${d} d ago` : new Date(at).toISOString().slice(0, 10);
}
const stamp = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
/** 24 Nov 2026, 00:12 in the reader's zone. */
export function dateTime(at: number): string {
  return stamp.format(at);
}
/** How long something has been waiting, for narrow columns: "now", "5 min", "3 h", "2 d". */
export function agoShort(at: number, now: number): string {
  const text = ago(at, now);
  return text === 'just now' ? 'now' : text.replace(/ ago$/, '');
}
