import { signal } from '@preact/signals';
import { type Address, readAddress, writeAddress } from './address.ts';

/** What the address bar shows. It is the one place that says what is seen; the page follows it. */
export const here = signal<Address>(readAddress(location.hash));

addEventListener('hashchange', () => {
  here.value = readAddress(location.hash);
});

/** Goes there, as a link would: the way back leads here. */
export function go(address: Address): void {
  location.hash = writeAddress(address);
}

/** Changes what is seen without a step for the way back, as typing into a filter does. */
export function amend(address: Address): void {
  history.replaceState(null, '', writeAddress(address));
  here.value = address;
}
