import { z } from 'zod';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export const json: z.ZodType<Json> = z.json() as unknown as z.ZodType<Json>;
