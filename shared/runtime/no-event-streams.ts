/**
 * What the AWS SDK takes for answers that are streams of events, as S3's Select has: no operation of ours. The bundler takes
 * this in its place, where it would be 11 KB of each client's bundle. An operation that needs it fails by this name.
 */
export const eventStreamSerdeProvider = () => null;

export const resolveEventStreamSerdeConfig = <Config extends object>(config: Config): Config => config;

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not in this bundle: shared/runtime/no-event-streams.ts');
  }
}
