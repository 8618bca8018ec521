export { authorise } from './access.ts';
export { type Caller, identify, readBearer } from './caller.ts';
export { isLocal, remoteOf } from './remote.ts';
export { isOwnOrigin, requireSameOrigin } from './same-origin.ts';
