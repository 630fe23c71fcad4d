import { CfnWaitConditionHandle, type Stack } from 'aws-cdk-lib';

/**
 * A resource that does nothing, for a stack whose others come and go with the connections: CloudFormation takes none
 * without resources, and where the stack is left out, what it held before stays deployed.
 */
export function holdOpen(stack: Stack): void {
  new CfnWaitConditionHandle(stack, 'Open');
}
