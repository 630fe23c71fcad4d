import type { Exceptions } from './judge.ts';

/** Rights that one machine cannot exercise, each with its reason. One that is used, or not granted, has no place here. */
export const exceptions: Exceptions = {};
