import type * as z from 'zod';
import type { Capability } from './access/capabilities.ts';
import type { Call } from './call.ts';
import type { WriteProblem } from './http/problem.ts';
import type { Answer, Request } from './http/request.ts';
import type { Lookup } from './lookup.ts';

/** What a status is answered with: JSON of a schema, or these media types. */
export type AnswerAbout = { description: string; schema?: z.ZodType; types?: readonly string[] };

/** What the documents say of an address. The schemas are those that parse the request and write the answer. */
export type About = {
  /** of an address that finds out itself who asks, because a link may take the place of the token */
  needs?: Capability;
  /** operationId, unique over all addresses */
  id: string;
  summary: string;
  /** parameters behind the `?`; the schema's input is text */
  query?: z.ZodObject;
  /** request headers beside `Authorization` that change the answer */
  headers?: readonly { name: string; description: string }[];
  body?: { type: string; schema: z.ZodType };
  /** by status: what is answered if all is well; the errors follow from the address */
  answers: Readonly<Record<number, AnswerAbout>>;
  /** statuses of errors that do not follow from the address */
  errors?: readonly number[];
};

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type OpenRoute = { open: (lookup: Lookup, request: Request) => Promise<Answer> };
type GuardedRoute = { needs: Capability; answer: (call: Call) => Promise<Answer> };

/** An address: who may ask, and what answers. HEAD is answered wherever GET is. */
export type Route = { method: Method; path: string; about: About } & (OpenRoute | GuardedRoute);

/** Addresses that are loaded together; what is wrong is said in our own shape if not in another. */
export type LoadedPart = { routes: readonly Route[]; writeProblem?: WriteProblem };

/** A part that is loaded when it is first asked; each path is spoken by one part at most. */
export type Part = { speaks: (path: string) => boolean; load: () => Promise<LoadedPart> };

/** A provider's own API shape over everything we hold. */
export type Dialect = {
  /** its part of the documents */
  about: { name: string; description: string };
  /** what `writeProblem` writes at a path of this dialect */
  errorSchema: (path: string) => z.ZodType;
  routes: readonly Route[];
  /** whether a path, also one that does not exist, belongs to this dialect: its errors are in the provider's shape */
  speaks: (path: string) => boolean;
  writeProblem: WriteProblem;
};
