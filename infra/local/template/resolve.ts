import { account, region } from './arns.ts';
import type { Assembly, Stack } from './assembly.ts';
import { type Addresses, generatedName, type Identity, kinds } from './identities.ts';
import { TemplateError } from './template-error.ts';

type Named = Identity & { name: string };

export type Resolver = {
  /** replaces every intrinsic function in a value of one stack by what it stands for */
  resolve: (stack: Stack, value: unknown) => unknown;
  /** the physical name of a resource, and what references to it give */
  identify: (stack: Stack, logicalId: string) => Named;
};

type Context = {
  assembly: Assembly;
  addresses: Addresses;
  /** what was identified, by stack and logical id; null while that is under way */
  known: Map<string, Named | null>;
};

type Intrinsic = (context: Context, stack: Stack, argument: unknown) => unknown;

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Resolution over all stacks of an assembly, exports included. It throws TemplateError where it cannot tell. */
export function createResolver(assembly: Assembly, addresses: Addresses): Resolver {
  const context: Context = { assembly, addresses, known: new Map() };
  return {
    resolve: (stack, value) => resolve(context, stack, value),
    identify: (stack, logicalId) => identify(context, stack, logicalId),
  };
}

function resolve(context: Context, stack: Stack, value: unknown): unknown {
  const present = (item: unknown): boolean => item !== undefined;
  if (Array.isArray(value)) return value.map((item) => resolve(context, stack, item)).filter(present);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = intrinsics[name];
    if (!intrinsic) throw new TemplateError(`${stack.name}: ${name} is not understood`);
    return intrinsic(context, stack, argument);
  }
  const resolved = entries.map(([key, item]) => [key, resolve(context, stack, item)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => present(item)));
}

function identify(context: Context, stack: Stack, logicalId: string): Named {
  const { known, addresses } = context;
  const key = `${stack.name}.${logicalId}`;
  const found = known.get(key);
  if (found) return found;
  if (found === null) throw new TemplateError(`${key}: its name depends on itself`);
  known.set(key, null);
  const resource = stack.template.Resources[logicalId];
  if (!resource) throw new TemplateError(`${key}: no such resource`);
  const kind = kinds[resource.Type];
  if (!kind) throw new TemplateError(`${key}: a reference to ${resource.Type} is not understood`);
  const chosen = kind.property === undefined ? undefined : resolve(context, stack, resource.Properties[kind.property]);
  const name = typeof chosen === 'string' ? chosen : generatedName(stack.name, logicalId, resource.Type);
  const made = { name, ...kind.identity(name, addresses) };
  known.set(key, made);
  return made;
}

function reference(context: Context, stack: Stack, name: string): unknown {
  if (name === 'AWS::StackName') return stack.name;
  if (name === 'AWS::NoValue') return undefined;
  return pseudo[name] ?? identify(context, stack, name).ref;
}

function attribute(context: Context, stack: Stack, logicalId: string, name: string): string {
  const value = identify(context, stack, logicalId).attributes[name];
  if (value === undefined) throw new TemplateError(`${stack.name}.${logicalId}: attribute ${name} is not understood`);
  return value;
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (context, stack, argument) => reference(context, stack, String(argument)),
  'Fn::GetAtt': (context, stack, argument) => {
    const [logicalId = '', name = ''] = typeof argument === 'string' ? splitOnce(argument) : texts(argument);
    return attribute(context, stack, logicalId, name);
  },
  'Fn::Sub': substitute,
  'Fn::ImportValue': (context, stack, argument) => imported(context, resolve(context, stack, argument)),
  'Fn::Join': (context, stack, argument) => {
    const [separator, parts] = list(resolve(context, stack, argument));
    return texts(parts).join(String(separator));
  },
  'Fn::Split': (context, stack, argument) => {
    const [separator, text] = list(resolve(context, stack, argument));
    return String(text).split(String(separator));
  },
  'Fn::Select': (context, stack, argument) => {
    const [index, parts] = list(resolve(context, stack, argument));
    const part = list(parts)[Number(index)];
    if (part === undefined) throw new TemplateError(`${stack.name}: Fn::Select found no part ${String(index)}`);
    return part;
  },
};

function substitute(context: Context, stack: Stack, argument: unknown): string {
  const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables: Readonly<Record<string, unknown>> = { ...given };
  return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(resolve(context, stack, variables[name]));
    const [logicalId = '', field] = splitOnce(name);
    return String(field === undefined ? reference(context, stack, name) : attribute(context, stack, logicalId, field));
  });
}

function imported(context: Context, name: unknown): unknown {
  for (const stack of context.assembly.stacks) {
    for (const { Export, Value } of Object.values(stack.template.Outputs)) {
      if (Export && resolve(context, stack, Export.Name) === name) return resolve(context, stack, Value);
    }
  }
  throw new TemplateError(`no stack exports ${String(name)}`);
}

function splitOnce(text: string): string[] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError('an intrinsic function got no list');
}

const texts = (value: unknown): string[] => list(value).map(String);
