import { App } from 'aws-cdk-lib';
import { SubscriberStack } from './subscriber-stack.ts';

new SubscriberStack(new App(), 'crm-calls');
