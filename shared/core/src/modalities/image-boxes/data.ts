import { z } from 'zod';
import type { ClassDef } from '../../records/label-schema.ts';

/** The image is the asset's file; there is nothing to map. */
export const data = z.object({});

export const defaultClasses: readonly ClassDef[] = [
  { name: 'person', color: '#2563eb' },
  { name: 'vehicle', color: '#d97706' },
  { name: 'animal', color: '#16a34a' },
];
