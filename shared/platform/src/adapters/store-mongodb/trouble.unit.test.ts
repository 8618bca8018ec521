import {
  type BulkWriteResult,
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  type TopologyDescription,
} from 'mongodb';
import { expect, it } from 'vitest';
import { isDuplicate, isLostTransaction, isPassing, lineOf, surelyAborted } from './trouble.ts';
import { NoAnswer } from './within.ts';

const none = {} as BulkWriteResult;
const labelled = <E extends MongoError>(error: E): E => {
  error.addErrorLabel('TransientTransactionError');
  return error;
};

it('waits for what may pass, also where a bulk write wraps it, and for nothing else', () => {
  const passing = [
    new MongoNetworkError('read ECONNRESET'),
    new MongoBulkWriteError(new MongoNetworkError('read ECONNRESET'), none),
    Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }),
    new MongoBulkWriteError(Object.assign(new Error('ended') as MongoError, { code: 'EPIPE' }), none),
    new NoAnswer(),
    new MongoServerSelectionError('nobody', {} as TopologyDescription),
    new MongoServerError({ message: 'not primary', code: 10_107 }),
    new MongoBulkWriteError({ message: 'WriteConflict', code: 112, writeErrors: [] }, none),
    labelled(new MongoServerError({ message: 'who knows', code: 999 })),
  ];
  const lasting = [
    new MongoServerError({ message: 'not authorised', code: 13 }),
    new MongoBulkWriteError({ message: 'E11000', code: 11_000, writeErrors: [] }, none),
    new MongoBulkWriteError({ message: 'validation', code: 121, writeErrors: [] }, none),
    new Error('a bug'),
    Object.assign(new TypeError('a bug'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ];
  expect(passing.map(isPassing)).toEqual(passing.map(() => true));
  expect(lasting.map(isPassing)).toEqual(lasting.map(() => false));
  expect([...passing, ...lasting].map(isLostTransaction).filter(Boolean)).toHaveLength(1);
  expect([...passing, ...lasting].map(isDuplicate).filter(Boolean)).toHaveLength(1);
});

it('takes a commit for undone only where a server says so', () => {
  expect(surelyAborted(labelled(new MongoServerError({ message: 'NoSuchTransaction', code: 251 })))).toBe(
    true,
  );
  expect(surelyAborted(new MongoServerError({ message: 'NoSuchTransaction', code: 251 }))).toBe(false);
  expect(surelyAborted(labelled(new MongoNetworkError('pool cleared')))).toBe(false);
});

it('tells no password', () => {
  expect(lineOf(new Error('mongodb://me:secret@db/x failed\n at …'))).toBe('mongodb://…@db/x failed');
});
