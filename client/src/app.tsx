import { type RouteDefinition, Router } from '@solidjs/router';
import { lazy } from 'solid-js';
import { labelPage } from './pages/label/lazy.ts';
import {
  datasetsPreload,
  disputesPreload,
  importsPreload,
  overviewPreload,
  peoplePreload,
  projectPeoplePreload,
  projectPreload,
  projectsPreload,
  tasksPreload,
} from './reads/preloads.ts';
import { Guarded } from './shell/guarded.tsx';
import { ProjectFrame } from './shell/project-frame.tsx';
import { Root } from './shell/root.tsx';
import { Shell } from './shell/shell.tsx';

const routes: RouteDefinition[] = [
  {
    path: '/signin',
    component: lazy(async () => ({ default: (await import('./pages/sign-in.tsx')).SignIn })),
  },
  {
    path: '/join/:token',
    component: lazy(async () => ({ default: (await import('./pages/join.tsx')).Join })),
  },
  {
    path: '/reset/:token',
    component: lazy(async () => ({ default: (await import('./pages/reset.tsx')).Reset })),
  },
  {
    path: '/',
    component: Guarded,
    children: [
      {
        path: '/label/:project/:task?',
        component: lazy(labelPage),
      },
      {
        path: '/review/:task',
        component: lazy(async () => ({ default: (await import('./pages/review/index.tsx')).ReviewPage })),
      },
      {
        path: '/history/:task',
        component: lazy(async () => ({ default: (await import('./pages/history/index.tsx')).HistoryPage })),
      },
      {
        path: '/',
        component: Shell,
        children: [
          {
            path: '/',
            preload: projectsPreload,
            component: lazy(async () => ({ default: (await import('./pages/projects.tsx')).Projects })),
          },
          {
            path: '/new',
            component: lazy(async () => ({ default: (await import('./pages/new-project.tsx')).NewProject })),
          },
          {
            path: '/projects/:id',
            preload: projectPreload,
            component: ProjectFrame,
            children: [
              {
                path: '/',
                preload: overviewPreload,
                component: lazy(async () => ({
                  default: (await import('./pages/overview/overview.tsx')).Overview,
                })),
              },
              {
                path: '/data',
                preload: tasksPreload,
                component: lazy(async () => ({
                  default: (await import('./pages/tasks/tasks-page.tsx')).TasksPage,
                })),
              },
              {
                path: '/import',
                preload: importsPreload,
                component: lazy(async () => ({
                  default: (await import('./pages/imports/import-page.tsx')).ImportPage,
                })),
              },
              {
                path: '/settings',
                component: lazy(async () => ({
                  default: (await import('./pages/settings/settings.tsx')).Settings,
                })),
              },
              {
                path: '/people',
                preload: projectPeoplePreload,
                component: lazy(async () => ({
                  default: (await import('./pages/project-people.tsx')).ProjectPeople,
                })),
              },
              {
                path: '/datasets',
                preload: datasetsPreload,
                component: lazy(async () => ({ default: (await import('./pages/datasets.tsx')).Datasets })),
              },
            ],
          },
          {
            path: '/disputes',
            preload: disputesPreload,
            component: lazy(async () => ({ default: (await import('./pages/disputes.tsx')).Disputes })),
          },
          {
            path: '/people',
            preload: peoplePreload,
            component: lazy(async () => ({ default: (await import('./pages/people.tsx')).People })),
          },
          {
            path: '/notifications',
            component: lazy(async () => ({
              default: (await import('./pages/notifications.tsx')).Notifications,
            })),
          },
          {
            path: '/account',
            component: lazy(async () => ({ default: (await import('./pages/account.tsx')).Account })),
          },
          {
            path: '*',
            component: lazy(async () => ({ default: (await import('./pages/not-found.tsx')).NotFound })),
          },
        ],
      },
    ],
  },
];

export function App() {
  return <Router root={Root}>{routes}</Router>;
}
