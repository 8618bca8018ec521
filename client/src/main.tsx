import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { loadSession } from './shell/session.ts';
import './styles/theme.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
// Everything depends on who is here; index.html asks for it together with the scripts.
await loadSession();
render(() => <App />, root);
