export { addressOf, apiBase, queryString } from './address.ts';
export { ApiError, isApiError, messageOf } from './api-error.ts';
export { call, callTagged, type Tagged, whenSignedOut } from './client.ts';
