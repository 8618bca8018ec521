import { z } from 'zod';

/** Where each port's data lives, by adapter. Embedded ones are files under the data folder. */
export type StorePlace = { readonly kind: 'sqlite' } | { readonly kind: 'mongodb'; readonly url: string };
export type BusPlace = { readonly kind: 'embedded' } | { readonly kind: 'nats'; readonly url: string };
export type FanoutPlace = { readonly kind: 'local' } | { readonly kind: 'redis'; readonly url: string };
export type BlobsPlace = { readonly kind: 'files' };

/** A word that names the embedded adapter, or a url whose scheme picks another. */
function place<P>(
  embedded: string,
  embeddedPlace: P,
  schemes: Readonly<Record<string, (url: string) => P>>,
): z.ZodType<P, string> {
  const choices = [embedded, ...Object.keys(schemes).map((scheme) => `${scheme}://host`)].join(' or ');
  return z.string().transform((text, context) => {
    if (text === embedded) return embeddedPlace;
    const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/]/i.exec(text)?.[1]?.toLowerCase();
    const make = scheme === undefined ? undefined : schemes[scheme];
    if (make !== undefined) return make(text);
    const message =
      scheme === undefined
        ? `is not ${choices}`
        : `names ${scheme}://, which this version of Concord has no adapter for; it knows ${choices}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const mongodb = (url: string): StorePlace => ({ kind: 'mongodb', url });
export const storePlace = place<StorePlace>(
  'sqlite',
  { kind: 'sqlite' },
  { mongodb, 'mongodb+srv': mongodb },
);
const nats = (url: string): BusPlace => ({ kind: 'nats', url });
export const busPlace = place<BusPlace>('embedded', { kind: 'embedded' }, { nats, tls: nats });
const redis = (url: string): FanoutPlace => ({ kind: 'redis', url });
export const fanoutPlace = place<FanoutPlace>('local', { kind: 'local' }, { redis, rediss: redis });
export const blobsPlace = place<BlobsPlace>('files', { kind: 'files' }, {});
