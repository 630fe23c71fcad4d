import type { FakeRequest } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';
import type { MagpipeCall, MagpipeWorld } from '../magpipe/world.ts';
import type { Json } from './edit-json.ts';
import { arrayAt, editJson } from './edit-json.ts';
import type { Fault } from './fault.ts';

/** Faults of a list by offset, of a call, and of its recording's link. */

/** Before the answer, a call comes up in the list, so that the rows behind it move a place on. */
export function arrivedCall(world: MagpipeWorld, call: MagpipeCall): Fault {
  return {
    name: 'arrived call',
    before: () => {
      world.calls.push(call);
    },
  };
}

/** No rows, though the list says that there are some. */
export function emptyPageWithMore(): Fault {
  return { name: 'empty page with more', edit: (answer) => editJson(answer, (body) => ({ ...body, calls: [] })) };
}

/** Every page is the first one and says that more follow, whatever was asked for. */
export function endlessList(): Fault {
  return {
    name: 'endless list',
    rewrite: (request) => ({ ...request, body: '{"limit":100}' }),
    edit: (answer) => editJson(answer, (body) => ({ ...body, has_more: true })),
  };
}

/** The filters by date do nothing. */
export function ignoredDates(): Fault {
  return {
    name: 'ignored dates',
    rewrite: (request) => withQuestion(request, { from_date: undefined, to_date: undefined }),
  };
}

export function oldestFirst(): Fault {
  return {
    name: 'oldest first',
    edit: (answer) => editJson(answer, (body) => ({ ...body, calls: arrayAt(body, 'calls').toReversed() })),
  };
}

/** Parts of the answer as they should not be; undefined leaves a part out. */
export function oddList(parts: Json): Fault {
  return { name: 'odd list', edit: (answer) => editJson(answer, (body) => ({ ...body, ...parts })) };
}

/** `recording_url` as given: a private address, another host, one that redirects, no address at all. */
export function oddRecording(recording_url: unknown): Fault {
  return { name: 'odd recording', edit: (answer) => editJson(answer, (body) => ({ ...body, recording_url })) };
}

/** The link was good until a moment ago. */
export function expiredLink(): Fault {
  return {
    name: 'expired link',
    edit: (answer, request) =>
      editJson(answer, (body) => {
        const url = URL.parse(String(body['recording_url']), request.url);
        url?.searchParams.set('expires', String(Date.parse(answer.headers['date'] ?? '') - 1));
        return { ...body, recording_url: url?.href };
      }),
  };
}

/** The text is of another talk than the segments. */
export function disagreeingSegments(): Fault {
  const transcript = 'Agent: This is another call.\n\nCaller: So it is.';
  return { name: 'disagreeing segments', edit: (answer) => editJson(answer, (body) => ({ ...body, transcript })) };
}

/** The answer inside `{data, error}`, as the introduction of the documents has it. */
export function wrappedAnswer(): Fault {
  return { name: 'wrapped answer', edit: (answer) => editJson(answer, (data) => ({ data, error: null })) };
}

/** An error that comes with 200, in one of its two shapes. */
export function errorInside(error: { code: string; message: string } | string): Fault {
  return { name: 'error inside', instead: () => jsonAnswer(200, { data: null, error }) };
}

/** The body is lost on its way, which is a 500 there and not a 400. */
export function unreadableBody(): Fault {
  return { name: 'unreadable body', rewrite: (request) => ({ ...request, body: '{"call_id"' }) };
}

function withQuestion(request: FakeRequest, parts: Json): FakeRequest {
  return { ...request, body: JSON.stringify({ ...JSON.parse(request.body), ...parts }) };
}
