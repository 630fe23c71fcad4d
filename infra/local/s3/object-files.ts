import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A file that holds an object's bytes, or a part of them, and never changes. Its name says nothing about the key. */
export type StoredFile = { name: string; bytes: number };

export type ObjectFiles = {
  path(name: string): string;
  newName(): string;
  /** Keeps these files until the answer is done, also when the object is replaced meanwhile. Call the result then. */
  hold(files: readonly StoredFile[]): () => void;
  /** Removes the files, each as soon as nobody reads it. */
  discard(files: readonly { name: string }[]): void;
  /** Removes what no row names: uploads that a crash cut, and files that it kept from being removed. */
  sweep(known: ReadonlySet<string>): void;
};

export function openObjectFiles(folder: string): ObjectFiles {
  mkdirSync(folder, { recursive: true });
  const readers = new Map<string, number>();
  const doomed = new Set<string>();
  const path = (name: string) => join(folder, name);

  function discard(files: readonly { name: string }[]): void {
    for (const { name } of files) {
      if (readers.has(name)) doomed.add(name);
      else rmSync(path(name), { force: true });
    }
  }

  function release(name: string): void {
    const left = (readers.get(name) ?? 1) - 1;
    if (left > 0) readers.set(name, left);
    else {
      readers.delete(name);
      if (doomed.delete(name)) discard([{ name }]);
    }
  }

  return {
    path,
    newName: () => randomUUID(),
    hold(files) {
      for (const { name } of files) readers.set(name, (readers.get(name) ?? 0) + 1);
      return () => {
        for (const { name } of files) release(name);
      };
    },
    discard,
    sweep: (known) => discard(readdirSync(folder).flatMap((name) => (known.has(name) ? [] : [{ name }]))),
  };
}
