import type { Caller } from './authorize.ts';
import type { ByteRange } from './byte-range.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import type { S3Request } from './request.ts';

/** What every operation of the embedded S3 works with. `now` is in milliseconds. */
export type S3Context = { store: ObjectStore; now: () => number; caller: Caller };

export type S3Answer = {
  status: number;
  headers?: Record<string, string | number>;
  xml?: string;
  content?: S3Content;
};

/** Bytes of a stored object, all or a range. Its files are held until `release`, which the server must call. */
export type S3Content = { object: ObjectInfo; range: ByteRange; release: () => void };

export type S3Operation = (request: S3Request, context: S3Context) => S3Answer | Promise<S3Answer>;
