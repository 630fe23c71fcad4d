import type { Random } from '../random.ts';
import { pick } from '../random.ts';
import type { Language } from './phrases.ts';

/** Invented people and companies. Addresses end in example.com or .example, which belong to nobody. */

export type Person = { readonly name: string; readonly email: string };

const firstNames: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  en: [
    'Ada',
    'Bo',
    'Cleo',
    'Dara',
    'Ewan',
    'Freya',
    'Gil',
    'Hana',
    'Imran',
    'June',
    'Kit',
    'Lena',
    'Mose',
    'Nell',
    'Omar',
    'Priya',
  ],
  de: ['Anke', 'Bernd', 'Elif', 'Götz', 'Heike', 'Jürgen', 'Mareike', 'Tobias'],
  fr: ['Aurélie', 'Benoît', 'Chloé', 'Étienne', 'Inès', 'Loïc', 'Margaux', 'Rémi'],
};

const lastNames: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  en: [
    'Abbeyfield',
    'Brightwater',
    'Cobbold',
    'Dunmarrow',
    'Eastgate',
    'Fennimore',
    'Greenhalgh',
    'Hartnoll',
    'Inkpen',
    'Jessop',
    'Larkspur',
    'Merriden',
  ],
  de: ['Ackerfeld', 'Birkenau', 'Drosselhof', 'Eichwald', 'Grünbaum', 'Kranichfeld', 'Lindenthal', 'Müllersberg'],
  fr: ['Beaurivage', 'Chantelune', 'Desprairies', 'Fontclaire', 'Grandpré', 'Lavandière', 'Montfleury', 'Vertbois'],
};

const companies = [
  'Northwind Cycles',
  'Blue Heron Foods',
  'Kestrel Logistics',
  'Foxglove Interiors',
  'Tidewater Pumps',
  'Marigold Bakeries',
  'Granite Ridge Tools',
  'Saltmarsh Energy',
  'Copperleaf Dental',
  'Harbour Light Hotels',
  'Juniper Textiles',
  'Old Mill Papers',
] as const;

const products = ['Waypoint', 'Ledgerline', 'Fieldnote', 'Tallybook', 'Signpost'] as const;

export const inventCompany = (random: Random): string => pick(random, companies);
export const inventProduct = (random: Random): string => pick(random, products);

export function inventPerson(random: Random, language: Language, domain: string): Person {
  const [first, last] = [pick(random, firstNames[language]), pick(random, lastNames[language])];
  return { name: `${first} ${last}`, email: `${plain(first)}.${plain(last)}@${domain}` };
}

/** `Northwind Cycles` owns `northwind-cycles.example`. */
export function domainOf(company: string): string {
  return `${plain(company).replaceAll(' ', '-')}.example`;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
