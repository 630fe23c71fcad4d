import type { Caller } from './clients.ts';
import type { Lookup } from './lookup.ts';
import type { Request } from './request.ts';

/** An authorised request and what it is answered with. */
export type Call = { lookup: Lookup; caller: Caller; request: Request };
