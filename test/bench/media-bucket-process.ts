import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '#infra/local/listen.ts';

/**
 * A bucket in a process of its own that takes objects and parts and keeps nothing of them: a gigabyte on the disk would
 * only slow the measuring. Its address is printed; there a GET tells how many bytes it was sent.
 */
let received = 0;

const { url } = await listen(async (request, response) => {
  for await (const chunk of request) if (request.method === 'PUT') received += chunk.length;
  answer(request, response);
});
process.stdout.write(`${url}\n`);

function answer({ method, url: address = '', headers }: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(address, url);
  if (method === 'PUT') {
    const crc32 = headers['x-amz-checksum-crc32'];
    response.writeHead(200, { etag: '"1"', ...(crc32 !== undefined && { 'x-amz-checksum-crc32': crc32 }) }).end();
  } else if (method === 'GET') response.end(String(received));
  else if (searchParams.has('uploads')) response.end(document('InitiateMultipartUpload', '<UploadId>1</UploadId>'));
  else if (searchParams.has('uploadId')) response.end(document('CompleteMultipartUpload', '<ETag>"1"</ETag>'));
  else response.writeHead(501).end();
}

function document(operation: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${operation}Result>${content}</${operation}Result>`;
}
