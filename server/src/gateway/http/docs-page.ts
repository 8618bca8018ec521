import { type Route, routes } from '@concord/core/protocol/routes';
import type { Hono } from 'hono';
import type { Headers } from '../engine/index.ts';
import { apiBase } from './api.ts';
import type { Env, HttpContext } from './http.ts';
import { openApi } from './openapi.ts';
import { answered, answerJson } from './respond.ts';

/** `openapi.json`, and a page that lists the routes and lets one try the reading ones. */
export function mountDocs(app: Hono<Env>, headers: Headers): void {
  let description: Record<string, unknown> | null = null;
  app.get(`${apiBase}/openapi.json`, (c) => {
    description ??= openApi();
    answerJson(c.env.exchange, 200, description, { ...headers, 'cache-control': 'no-cache' });
    return answered;
  });
  const text = (body: string, type: string) => (c: HttpContext) => {
    const all = { ...headers, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' };
    c.env.exchange.answer(200, all, body);
    return answered;
  };
  app.get(`${apiBase}/docs`, text(page(), 'text/html'));
  app.get(`${apiBase}/docs.js`, text(script, 'text/javascript'));
}

const escapeHtml = (value: string) =>
  value.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

function page(): string {
  const rows = (Object.entries(routes) as [string, Route][]).map(([name, route]) => {
    const access = typeof route.access === 'string' ? route.access : [...route.access, 'admin'].join(', ');
    const attempt =
      route.method === 'GET'
        ? `<form data-path="${escapeHtml(apiBase + route.path)}"><input aria-label="Address to try" value="${escapeHtml(apiBase + route.path)}"><button>Try</button></form>`
        : '';
    return `<tr id="${name}"><td><b class="${route.method}">${route.method}</b></td><td><code>${escapeHtml(route.path)}</code><p>${escapeHtml(route.summary)}</p>${attempt}<pre hidden></pre></td><td>${escapeHtml(access)}</td></tr>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Concord API</title><style>
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}body{margin:2rem auto;max-width:68rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #8884;padding:.5rem;text-align:left;vertical-align:top}
p{margin:.15rem 0;opacity:.8}form{display:flex;gap:.4rem;margin-top:.3rem}input{flex:1;font:13px ui-monospace,monospace;padding:.25rem .4rem}
pre{max-height:22rem;overflow:auto;background:#8882;padding:.6rem;font-size:12px;white-space:pre-wrap;word-break:break-word}
b.GET{color:#059669}b.POST{color:#2563eb}b.PATCH,b.PUT{color:#d97706}b.DELETE{color:#dc2626}
</style><h1>Concord API</h1>
<p>Everything below <code>${apiBase}</code>. The machine-readable description is <a href="${apiBase}/openapi.json">openapi.json</a>.
Sign in on the page, or send <code>Authorization: Bearer &lt;API key&gt;</code>. What you try here is called as you.</p>
<table><thead><tr><th>Method</th><th>Route</th><th>Who</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<script src="${apiBase}/docs.js" defer></script></html>`;
}

/** Runs in the browser. Only shows text, never HTML that came from the server. */
const script = `for (const form of document.querySelectorAll('form[data-path]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const output = form.parentElement.querySelector('pre');
    output.hidden = false;
    output.textContent = '…';
    const from = performance.now();
    const stop = new AbortController();
    try {
      const response = await fetch(form.querySelector('input').value, { signal: stop.signal });
      let text = '';
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      setTimeout(() => stop.abort(), 5000);
      const show = () => {
        output.textContent = response.status + ' in ' + Math.round(performance.now() - from) + ' ms\\n\\n' + text;
      };
      show();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text = (text + decoder.decode(value, { stream: true })).slice(0, 100000);
        show();
      }
      try {
        text = JSON.stringify(JSON.parse(text), null, 2);
        show();
      } catch {}
    } catch (error) {
      if (!stop.signal.aborted) output.textContent = String(error);
    }
  });
}
`;
