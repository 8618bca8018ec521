export { emptyView, type LayerView, type RegionView } from './layer-view.ts';
export { createRoomStore, type RoomModel } from './room-store.ts';
