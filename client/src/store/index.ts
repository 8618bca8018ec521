export { emptyView, type LayerView, layerView, type RegionView } from './layer-view.ts';
export { createRoomStore, type RoomModel } from './room-store.ts';
