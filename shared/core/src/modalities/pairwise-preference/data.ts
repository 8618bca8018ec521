import { z } from 'zod';
import type { ClassDef } from '../../records/label-schema.ts';
import { MAX_TEXT } from '../text.ts';

const answer = z.string().min(1, 'the answer is empty').max(MAX_TEXT);

export const data = z.object({
  prompt: z.string().min(1, 'the prompt is empty').max(MAX_TEXT),
  a: answer,
  b: answer,
});

export const fields = [
  { key: 'prompt', required: true, aliases: ['prompt', 'question', 'instruction'] },
  { key: 'a', required: true, aliases: ['a', 'chosen', 'response_a', 'left', 'answer_a'] },
  { key: 'b', required: true, aliases: ['b', 'rejected', 'response_b', 'right', 'answer_b'] },
] as const;

/** Fixed: the answers are what the two sides of the page are. */
export const defaultClasses: readonly ClassDef[] = [
  { name: 'a', title: 'A is better', color: '#2563eb', hotkey: '1' },
  { name: 'b', title: 'B is better', color: '#d97706', hotkey: '2' },
  { name: 'tie', title: 'No difference', color: '#64748b', hotkey: '3' },
];
