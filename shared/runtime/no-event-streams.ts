/**
 * What the AWS SDK takes for answers that are streams of events, as S3's Select has: no operation of ours. The bundler takes
 * this in its place, which saves the lookup 11 KB. An operation that needs it fails by this name.
 */
export const eventStreamSerdeProvider = () => null;

export const resolveEventStreamSerdeConfig = <Config extends object>(config: Config): Config => config;

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not in this bundle: shared/runtime/no-event-streams.ts');
  }
}
