import type { Caller } from './access/clients.ts';
import type { Request } from './http/request.ts';
import type { Lookup } from './lookup.ts';

/** An authorised request and what it is answered with. */
export type Call = { lookup: Lookup; caller: Caller; request: Request };
