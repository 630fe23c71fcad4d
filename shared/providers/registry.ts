import type { Connector } from './connector.ts';
import { earshot } from './earshot/connector.ts';
import { magpipe } from './magpipe/connector.ts';
import { salesloft } from './salesloft/connector.ts';
import { talkdesk } from './talkdesk/connector.ts';
import { vonage } from './vonage/connector.ts';

/** Every provider that Earshot reads: a new one is one folder and one line here. */
export const connectors: readonly Connector[] = [earshot, magpipe, salesloft, talkdesk, vonage];

/** The connector of a provider's name; undefined where there is none (yet). */
export const findConnector = (name: string): Connector | undefined =>
  connectors.find((connector) => connector.provider === name);
