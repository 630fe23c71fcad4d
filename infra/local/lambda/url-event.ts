import type { IncomingHttpHeaders } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { account } from '#infra/local/template/arns.ts';

export type UrlRequest = {
  method: string;
  /** path and query as they came */
  target: string;
  headers: IncomingHttpHeaders;
  sourceIp: string;
  body: Buffer;
  requestId: string;
  /** milliseconds since 1970 */
  at: number;
};

/** Content types whose body Lambda hands over as text; every other one comes as base64. */
const textual = /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/i;

/** The event of a Function URL: payload format 2.0, path and query not decoded. */
export function toUrlEvent(request: UrlRequest): APIGatewayProxyEventV2 {
  const [rawPath = '/', ...rest] = request.target.split('?');
  const rawQueryString = rest.join('?');
  const headers = flatHeaders(request);
  const queryStringParameters = joinedParameters(rawQueryString);
  const cookies = headers['cookie']?.split(/;\s*/).filter(Boolean) ?? [];
  const isBase64Encoded = request.body.length > 0 && !textual.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(queryStringParameters && { queryStringParameters }),
    requestContext: contextOf(request, rawPath, headers),
    ...(request.body.length > 0 && { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

/** Lower-case names, several values joined by commas, and what the service adds. */
function flatHeaders({ headers, sourceIp }: UrlRequest): Record<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(',') : value] as const,
  );
  const present = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const port = headers.host?.split(':')[1] ?? '80';
  return {
    ...Object.fromEntries(present),
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'http',
    'x-forwarded-port': port,
  };
}

function joinedParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

function contextOf(
  request: UrlRequest,
  path: string,
  headers: Record<string, string>,
): APIGatewayProxyEventV2['requestContext'] {
  const domainName = headers['host'] ?? '127.0.0.1';
  return {
    accountId: account,
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? domainName,
    http: {
      method: request.method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceIp,
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: request.requestId,
    routeKey: '$default',
    stage: '$default',
    time: clfTime(request.at),
    timeEpoch: request.at,
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `02/Mar/2026:09:14:07 +0000` */
function clfTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
