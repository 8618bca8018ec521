import { z } from 'zod';
import type { ClassDef } from '../../records/label-schema.ts';
import { MAX_TEXT } from '../text.ts';

export const data = z.object({ text: z.string().min(1, 'the text is empty').max(MAX_TEXT) });

export const fields = [
  { key: 'text', required: true, aliases: ['text', 'body', 'content', 'sentence', 'document'] },
] as const;

export const defaultClasses: readonly ClassDef[] = [
  { name: 'person', color: '#2563eb' },
  { name: 'organisation', color: '#d97706' },
  { name: 'place', color: '#16a34a' },
];
