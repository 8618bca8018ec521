import type { LucideProps } from 'lucide-solid';
import Frame from 'lucide-solid/icons/frame';
import Highlighter from 'lucide-solid/icons/highlighter';
import Scale from 'lucide-solid/icons/scale';
import Shapes from 'lucide-solid/icons/shapes';
import Tag from 'lucide-solid/icons/tag';
import type { JSX } from 'solid-js';

interface Look {
  readonly title: string;
  readonly icon: (props: LucideProps) => JSX.Element;
  /** An answer is the name of one class, so that tables can filter by it. */
  readonly oneClass?: boolean;
  /** The classes are part of the kind of work; a person may only choose their colours, keys and meanings. */
  readonly fixedClasses?: boolean;
}

const looks: Readonly<Record<string, Look>> = {
  'text-classification': { title: 'Text classification', icon: Tag, oneClass: true },
  'text-spans': { title: 'Text spans', icon: Highlighter },
  'image-boxes': { title: 'Image boxes', icon: Frame },
  'pairwise-preference': { title: 'Preference', icon: Scale, oneClass: true, fixedClasses: true },
};

/** Name and icon of a modality; one that is new here gets its own name, made readable, and a common icon. */
export function modalityLook(name: string): Look {
  const words = name.replaceAll('-', ' ');
  return looks[name] ?? { title: words.charAt(0).toUpperCase() + words.slice(1), icon: Shapes };
}
