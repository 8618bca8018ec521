import { z } from 'zod';
import type { ClassDef } from '../../records/label-schema.ts';
import { MAX_TEXT } from '../text.ts';

export const data = z.object({ text: z.string().min(1, 'the text is empty').max(MAX_TEXT) });

export const fields = [
  { key: 'text', required: true, aliases: ['text', 'body', 'content', 'message', 'email'] },
] as const;

export const defaultClasses: readonly ClassDef[] = [
  { name: 'positive', color: '#16a34a' },
  { name: 'negative', color: '#dc2626' },
  { name: 'neutral', color: '#64748b' },
];
