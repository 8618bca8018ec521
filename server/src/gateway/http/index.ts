export { Answer, type Call, type Handler, type Handlers } from './handler.ts';
export { createHttp, type HttpGateway, type HttpOptions } from './http.ts';
