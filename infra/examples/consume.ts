import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ConversationEvent } from '#shared/domain/events.ts';
import { keepNewest, type OwnTable, oncePerId } from './keep-newest.ts';

const own: OwnTable = {
  documents: DynamoDBDocumentClient.from(new DynamoDBClient()),
  table: process.env['OWN_TABLE'] ?? '',
};

/**
 * Example of a subscriber's function, behind the queue of an `EarshotSubscriber`: what fails comes again, and lies among
 * the dead letters after the fifth time.
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      const { detail }: { detail: ConversationEvent } = JSON.parse(body);
      await oncePerId(own, detail.id, () => keepNewest(own, detail), Date.now());
    } catch (error) {
      console.error('an event failed', messageId, error instanceof Error ? error.name : 'unknown');
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
