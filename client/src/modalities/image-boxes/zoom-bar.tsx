import Maximize from 'lucide-solid/icons/maximize';
import Minus from 'lucide-solid/icons/minus';
import Plus from 'lucide-solid/icons/plus';
import { IconButton } from '../../ui/index.ts';

/** Zoom at the corner of the picture. */
export function ZoomBar(props: { percent: number; onZoom: (factor: number) => void; onFit: () => void }) {
  return (
    <div class="absolute right-3 bottom-3 flex items-center rounded-lg border border-line bg-raised p-0.5 shadow-card">
      <IconButton label="Zoom out (−)" size="sm" onClick={() => props.onZoom(1 / 1.3)}>
        <Minus size={15} aria-hidden="true" />
      </IconButton>
      <span class="tabular w-11 text-center text-xs text-ink-2">{Math.round(props.percent)}%</span>
      <IconButton label="Zoom in (+)" size="sm" onClick={() => props.onZoom(1.3)}>
        <Plus size={15} aria-hidden="true" />
      </IconButton>
      <IconButton label="Fit the picture (F)" size="sm" onClick={() => props.onFit()}>
        <Maximize size={15} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
