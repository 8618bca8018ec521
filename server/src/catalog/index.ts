export { catalogHandlers } from './catalog.ts';
