import type { Arguments } from './arguments.ts';

/** What a person may do next, line by line. */
export function whereToLook(
  { token, data, events, connections }: Arguments,
  address: string,
  folder: string,
): string[] {
  // A token that somebody chose may be one that they use elsewhere.
  const header = `-H 'Authorization: Bearer ${token.made ? token.value : '<your token>'}'`;
  return [
    '',
    ...(connections === null
      ? ['  providers      invented, on this machine; name your own with --connections FILE']
      : []),
    `  explorer       ${address}/ in a browser, with that token`,
    `  conversations  curl ${header} '${address}/v1/conversations?limit=5'`,
    `  connections    curl ${header} ${address}/v1/connections`,
    `  data           ${folder}${data === null ? ', gone with this process; keep it with --data DIR' : ''}`,
    ...(events === null ? [] : [`  events         ${events}`]),
    '',
  ];
}
