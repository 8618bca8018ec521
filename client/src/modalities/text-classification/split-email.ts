/** Headers worth showing above an e-mail, and the text under them. */
export interface EmailParts {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

const shown = ['from', 'to', 'cc', 'date', 'subject'];
const headerLine = /^([A-Za-z][A-Za-z-]{1,30}):[ \t]?(.*)$/;

/**
 * Sets the leading `Subject: …`, `From: …` lines of an e-mail apart; any other text comes back whole as the body.
 * Lines are only taken off when the first one is such a header, so that "Note: see below" stays text.
 */
export function splitEmail(text: string): EmailParts {
  const whole: EmailParts = { headers: [], body: text };
  const lines = text.split(/\r?\n/);
  const first = headerLine.exec(lines[0] ?? '');
  if (first === null || !shown.includes(first[1]!.toLowerCase())) return whole;
  const headers: { name: string; value: string }[] = [];
  let i = 0;
  for (; i < lines.length; i++) {
    const line = lines[i]!;
    const match = headerLine.exec(line);
    const last = headers[headers.length - 1];
    if (match !== null) headers.push({ name: match[1]!, value: match[2]!.trim() });
    else if (/^[ \t]+\S/.test(line) && last !== undefined) last.value += ` ${line.trim()}`;
    else break;
  }
  const body = lines.slice(i).join('\n').replace(/^\n+/, '');
  const kept = headers.filter((h) => shown.includes(h.name.toLowerCase()) && h.value !== '');
  return body.trim() === '' || kept.length === 0 ? whole : { headers: kept, body };
}
