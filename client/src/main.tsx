import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { labelPage } from './pages/label/lazy.ts';
import { reloadOnNewBuild } from './shell/new-build.ts';
import { loadSession } from './shell/session.ts';
import './styles/theme.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
reloadOnNewBuild();
// The page people wait for most is fetched while the session is asked for.
if (location.pathname.startsWith('/label/')) void labelPage();
// Everything depends on who is here; index.html asks for it together with the scripts.
await loadSession();
render(() => <App />, root);
