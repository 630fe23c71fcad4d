import { serveFake } from '#infra/local/fakes/serve.ts';
import { mediaProvider } from './media-provider.ts';

/** A provider of files in a process of its own; its address is printed. */
const { origin } = await serveFake(mediaProvider());
process.stdout.write(`${origin}\n`);
