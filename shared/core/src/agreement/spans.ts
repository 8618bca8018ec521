import { cohenKappa } from './two-raters.ts';

/** A labelled stretch of text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface SpanDocument {
  /** `[start, end]` of each token, end exclusive. */
  readonly tokens: readonly (readonly [number, number])[];
  readonly a: readonly Span[];
  readonly b: readonly Span[];
}

export interface SpanAgreement {
  readonly tp: number;
  readonly nA: number;
  readonly nB: number;
  /** Null with no spans at all. */
  readonly exactF1: number | null;
  /** Share of a's spans that some span of b with the same label touches; null when a is empty. */
  readonly overlapPrecision: number | null;
  readonly overlapRecall: number | null;
  readonly overlapF1: number | null;
  readonly tokenKappa: number | null;
  readonly tokenAgreement: number | null;
}

export function spanKey(span: Span): string {
  return `${span.start}:${span.end}:${span.label}`;
}

/** Equal spans of one side count once. */
export function distinctSpans(spans: readonly Span[]): Span[] {
  return [...new Map(spans.map((span) => [spanKey(span), span])).values()];
}

/** F1 of spans equal in start, end and label; null when neither side has any. */
export function exactSpanF1(a: readonly Span[], b: readonly Span[]): number | null {
  const left = new Set(a.map(spanKey));
  const right = new Set(b.map(spanKey));
  if (left.size + right.size === 0) return null;
  let shared = 0;
  for (const key of left) if (right.has(key)) shared++;
  return (2 * shared) / (left.size + right.size);
}

function touches(a: Span, b: Span): boolean {
  return a.label === b.label && Math.min(a.end, b.end) > Math.max(a.start, b.start);
}

/** The label of the first span (by start, then as given) that shares a character with the token, else null. */
function tokenLabel(token: readonly [number, number], spans: readonly Span[]): string | null {
  return spans.find((s) => Math.min(s.end, token[1]) > Math.max(s.start, token[0]))?.label ?? null;
}

/** Micro-averaged agreement of two people over documents. */
export function spanAgreement(documents: readonly SpanDocument[]): SpanAgreement {
  let tp = 0;
  let nA = 0;
  let nB = 0;
  let hitA = 0;
  let hitB = 0;
  const tagsA: string[] = [];
  const tagsB: string[] = [];
  // Labels are prefixed, so that a label named O is not taken for "outside".
  const tag = (label: string | null) => (label === null ? 'O' : `L${label}`);
  for (const document of documents) {
    const a = distinctSpans(document.a);
    const b = distinctSpans(document.b);
    const keysB = new Set(b.map(spanKey));
    tp += a.filter((span) => keysB.has(spanKey(span))).length;
    nA += a.length;
    nB += b.length;
    hitA += a.filter((span) => b.some((other) => touches(span, other))).length;
    hitB += b.filter((span) => a.some((other) => touches(span, other))).length;
    for (const token of document.tokens) {
      tagsA.push(tag(tokenLabel(token, a)));
      tagsB.push(tag(tokenLabel(token, b)));
    }
  }
  const precision = nA === 0 ? null : hitA / nA;
  const recall = nB === 0 ? null : hitB / nB;
  const labels = [...new Set([...tagsA, ...tagsB])];
  const tokens = cohenKappa(tagsA, tagsB, labels, 'none');
  return {
    tp,
    nA,
    nB,
    exactF1: nA + nB === 0 ? null : (2 * tp) / (nA + nB),
    overlapPrecision: precision,
    overlapRecall: recall,
    overlapF1: harmonic(precision, recall, nA + nB),
    tokenKappa: tokens.kappa,
    tokenAgreement: tokens.po,
  };
}

/** Null with no spans at all, 0 when only one side has hits to give. */
function harmonic(precision: number | null, recall: number | null, spans: number): number | null {
  if (spans === 0) return null;
  const p = precision ?? 0;
  const r = recall ?? 0;
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
}
