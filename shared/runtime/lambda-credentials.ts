import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * The AWS SDK's default chain of credentials as a function of ours needs it: Lambda puts them into the environment. The
 * bundler takes this in the chain's place, whose other ends (SSO, profiles, instances) would be a tenth of every bundle.
 */
export const defaultProvider = () => fromEnv();
