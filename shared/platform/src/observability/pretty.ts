/** Turns one JSON log line into `12:00:01 info  message  field=value`, errors with their stack below. */
export function prettyLines(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, msg, err, ...fields } = entry;
  const clockTime = typeof time === 'string' ? time.slice(11, 19) : '';
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${show(value)}`);
  const head = [clockTime, String(level).padEnd(5), typeof msg === 'string' ? msg : '', ...rest]
    .filter((part) => part !== '')
    .join(' ');
  const stack = stackOf(err);
  return stack === null ? `${head}\n` : `${head}\n${stack}\n`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value) ?? 'undefined';
}

function stackOf(err: unknown): string | null {
  if (typeof err !== 'object' || err === null) return null;
  const { stack, message } = err as { stack?: unknown; message?: unknown };
  const text = typeof stack === 'string' ? stack : typeof message === 'string' ? message : show(err);
  return text.replace(/^/gm, '  ');
}
